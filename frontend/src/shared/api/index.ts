export { api, client, csrfToken, fetchBytes, onSignedOut, type Schemas } from "./client";
export { ApiError, asApiError, type ErrorDetail } from "./errors";
export { makeQueryClient } from "./queries";
export { uploadFiles } from "./upload";
