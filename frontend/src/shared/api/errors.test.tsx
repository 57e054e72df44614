import { screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { ErrorNotice } from "@/shared/components";
import { renderPage } from "@/test/render";
import { ApiError, client, onSignedOut } from "./index";
import { errorFrom } from "./errors";

function answer(body: unknown, status: number): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json" },
  });
}

describe("refusals", () => {
  it("keep the server's code, message and details", async () => {
    const details = [{ field: "title", message: "is empty" }];
    const error = await errorFrom(answer({ code: "invalid", message: "Not valid.", details }, 400));
    expect(error).toMatchObject({ code: "invalid", message: "Not valid.", status: 400, details });
    expect(error.forField("title")).toBe("is empty");
  });

  it("are still one kind of error when the answer is no JSON", async () => {
    const error = await errorFrom(answer("<html>Bad gateway</html>", 502));
    expect(error).toMatchObject({ code: "unexpected_answer", status: 502, details: [] });
  });

  it("reach the caller of the client as an ApiError, and tell the app that nobody is signed in", async () => {
    const body = { code: "not_authenticated", message: "Sign in.", details: [] };
    let told = 0;
    onSignedOut(() => (told += 1));
    vi.spyOn(globalThis, "fetch").mockResolvedValue(answer(body, 403));
    await expect(client.GET("/api/v1/studies")).rejects.toMatchObject({ code: "not_authenticated", isSignedOut: true });
    expect(told).toBe(1);
  });

  it("say that no answer came when the network is gone", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
    await expect(client.GET("/api/v1/studies")).rejects.toMatchObject({ code: "offline", isOffline: true });
  });

  it("carry the token of the cookie with everything that changes something", async () => {
    document.cookie = "lucency_csrf=token123";
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(answer({}, 200)));
    await client.POST("/api/v1/session/sign-out", {});
    await client.GET("/api/v1/studies");
    const tokens = fetched.mock.calls.map(([request]) => (request as Request).headers.get("X-CSRFToken"));
    expect(tokens).toEqual(["token123", null]);
  });

  it("are shown with the field that each detail belongs to", () => {
    const error = new ApiError("invalid", "Some of the input is not valid.", 400, [{ field: "seed", message: "is no number" }]);
    renderPage(<ErrorNotice error={error} />);
    expect(screen.getByRole("alert").textContent).toContain("seed: is no number");
  });
});
