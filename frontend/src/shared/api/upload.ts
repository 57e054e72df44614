import { csrfToken } from "./client";
import { ApiError } from "./errors";

/** Sends files with a progress that fetch cannot tell. `onProgress` gets the part sent, 0 to 1. */
export function uploadFiles<Answer>(
  url: string,
  form: FormData,
  onProgress: (part: number) => void = () => undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new ApiError("offline", "", 0));
    request.onload = () => {
      let body: { code?: string; message?: string; details?: [] } & Partial<Answer>;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        reject(new ApiError("unexpected_answer", "", request.status));
        return;
      }
      if (request.status < 300) resolve(body as Answer);
      else reject(new ApiError(body.code ?? "unexpected_answer", body.message ?? "", request.status, body.details));
    };
    request.send(form);
  });
}
