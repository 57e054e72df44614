/** What every refused request answers: `{code, message, details[]}`. */
export interface ErrorDetail {
  field?: string;
  message: string;
}

/** The one error that reaches a component, whatever went wrong: a refusal, a server error, or no network. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details: readonly ErrorDetail[] = [],
  ) {
    super(message);
  }

  /** No answer came at all: the same request may be sent again later. */
  get isOffline(): boolean {
    return this.status === 0;
  }

  get isSignedOut(): boolean {
    return this.status === 401 || this.code === "not_authenticated";
  }

  /** The message that belongs to one field of a form. */
  forField(field: string): string | undefined {
    return this.details.find((detail) => detail.field === field)?.message;
  }
}

function isErrorBody(body: unknown): body is { code: string; message: string; details?: ErrorDetail[] } {
  return typeof body === "object" && body !== null && "code" in body && "message" in body;
}

export async function errorFrom(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (isErrorBody(body)) return new ApiError(body.code, body.message, response.status, body.details ?? []);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return new ApiError("unexpected_answer", "", response.status);
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("unexpected", error instanceof Error ? error.message : String(error), -1);
}
