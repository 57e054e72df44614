import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { ApiError, errorFrom } from "./errors";
import type { components, paths as schemaPaths } from "./schema";

export type Schemas = components["schemas"];

type Succeeded = 200 | 201 | 202 | 204;
type Refusable<Operation> = Operation extends { responses: infer Responses }
  ? Omit<Operation, "responses"> & {
      responses: Pick<Responses, Extract<keyof Responses, Succeeded>> & {
        default: { headers: Record<string, unknown>; content: { "application/json": ApiError } };
      };
    }
  : Operation;
/** The schema's calls; whatever else a call may answer reaches the page as an ApiError. */
type paths = {
  [Path in keyof schemaPaths]: { [Method in keyof schemaPaths[Path]]: Refusable<schemaPaths[Path][Method]> };
};

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
let signedOut: () => void = () => undefined;

/** The app says here what happens when the server no longer knows who asks. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

export function csrfToken(): string {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("lucency_csrf="));
  return cookie ? decodeURIComponent(cookie.slice("lucency_csrf=".length)) : "";
}

const lucency: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("X-CSRFToken", csrfToken());
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    const error = await errorFrom(response);
    if (error.isSignedOut) signedOut();
    throw error;
  },
  onError({ error }) {
    if (error instanceof ApiError) return error;
    return new ApiError("offline", "", 0);
  },
};

/** Calls of the API by path, typed from the schema. A refusal is thrown as an ApiError. */
export const client = createFetchClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  fetch: (request) => globalThis.fetch(request),
});
client.use(lucency);

/** The same calls as hooks: `api.useQuery("get", "/api/v1/studies")`. */
export const api = createQueryClient(client);

/** Bytes that no JSON client can take: images, exports. */
export async function fetchBytes(url: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("offline", "", 0);
  }
  if (!response.ok) {
    const error = await errorFrom(response);
    if (error.isSignedOut) signedOut();
    throw error;
  }
  return response.arrayBuffer();
}
