import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/shared/api";
import { type Answer, NO_ANSWER } from "./calls";
import { DraftKeeper } from "./draftKeeper";

const loose: Answer = { ...NO_ANSWER, call: "loose", confidence: 70 };
const surer: Answer = { ...loose, confidence: 90 };
const offline = () => Promise.reject(new ApiError("offline", "", 0));

/** The server's rule: a draft is taken when its revision is higher than the one it has. */
class Server {
  revision = 0;
  answer: Answer = NO_ANSWER;
  reachable = true;

  save = (answer: Answer, revision: number): Promise<number> => {
    if (!this.reachable) return offline();
    if (revision > this.revision) [this.answer, this.revision] = [answer, revision];
    return Promise.resolve(this.revision);
  };
}

function keeperOn(server: Server, code = "AB12") {
  return new DraftKeeper(code, { save: server.save, focusMilliseconds: () => 1200, storage: localStorage });
}

describe("the draft of a case", () => {
  beforeEach(() => {
    localStorage.clear();
    vi.useFakeTimers();
  });

  it("is sent shortly after a change, and only once for changes in a row", async () => {
    const server = new Server();
    const save = vi.spyOn(server, "save");
    const keeper = keeperOn(server);
    keeper.begin(NO_ANSWER, 0);
    keeper.change(loose);
    keeper.change(surer);
    await vi.runAllTimersAsync();
    expect(save).toHaveBeenCalledExactlyOnceWith(surer, 2, 1200);
    expect(keeper.get().status).toBe("saved");
  });

  it("stays on this computer without network and is sent when it is back", async () => {
    const server = new Server();
    server.reachable = false;
    const keeper = keeperOn(server);
    keeper.begin(NO_ANSWER, 0);
    keeper.change(loose);
    await vi.advanceTimersByTimeAsync(1000);
    expect(keeper.get()).toMatchObject({ status: "kept", answer: loose });
    server.reachable = true;
    await vi.advanceTimersByTimeAsync(5000);
    expect(keeper.get().status).toBe("saved");
    expect(server.answer).toEqual(loose);
  });

  it("survives a page that was closed without network", async () => {
    const server = new Server();
    server.reachable = false;
    const before = keeperOn(server);
    before.begin(NO_ANSWER, 0);
    before.change(loose);
    await before.close();
    server.reachable = true;
    const after = keeperOn(server);
    after.begin(NO_ANSWER, 0);
    expect(after.get().answer).toEqual(loose);
    await vi.runAllTimersAsync();
    expect(server.answer).toEqual(loose);
  });

  it("gives way to a newer draft of the server", () => {
    const keeper = keeperOn(new Server());
    keeper.begin(NO_ANSWER, 0);
    keeper.change(loose);
    const elsewhere = keeperOn(new Server());
    elsewhere.begin(surer, 7);
    expect(elsewhere.get()).toMatchObject({ answer: surer, status: "saved" });
  });

  it("goes above a revision that another page wrote in between", async () => {
    const server = new Server();
    const keeper = keeperOn(server);
    keeper.begin(NO_ANSWER, 0);
    server.revision = 9;
    keeper.change(loose);
    await vi.runAllTimersAsync();
    keeper.change(surer);
    await vi.runAllTimersAsync();
    expect(server).toMatchObject({ answer: surer, revision: 10 });
  });

  it("leaves nothing behind when the answer is locked", async () => {
    const keeper = keeperOn(new Server());
    keeper.begin(NO_ANSWER, 0);
    keeper.change(loose);
    await keeper.close();
    keeper.forget();
    expect(localStorage.length).toBe(0);
  });

  it("says so when the server refuses it", async () => {
    const server = new Server();
    server.save = () => Promise.reject(new ApiError("locked", "This read is locked.", 409));
    const keeper = keeperOn(server);
    keeper.begin(NO_ANSWER, 0);
    keeper.change(loose);
    await vi.advanceTimersByTimeAsync(1000);
    expect(keeper.get()).toMatchObject({ status: "refused", problem: { code: "locked" } });
  });
});
