import { describe, expect, it } from "vitest";
import { ApiError } from "@/shared/api";
import { LARGE_BYTES, type SendingFile, Uploader, type UploadServer } from "./uploader";

const file = (name: string, size = 10) => ({ file: new File([new Uint8Array(size).fill(name.length)], name), name });

/** A server that keeps what it is sent, and breaks off as often as it is told to. */
function server(breaks: number[] = []) {
  const sent: string[][] = [];
  const batches: (number | null)[] = [];
  const pieces: [number, number][] = [];
  const known = new Set<string>();
  let calls = 0;
  let received = 0;
  const maybeBreak = () => {
    calls += 1;
    if (breaks.includes(calls)) throw new ApiError("offline", "", 0);
  };
  const answers: UploadServer = {
    known: (hashes) => Promise.resolve(hashes.filter((hash) => known.has(hash))),
    send: async (batch, files) => {
      await Promise.resolve();
      maybeBreak();
      batches.push(batch);
      sent.push(files.map(({ name }) => name));
      return 7;
    },
    begin: async () => Promise.resolve({ id: 1, batch: 7, received, isWhole: false }),
    piece: async (_, offset, bytes) => {
      await Promise.resolve();
      maybeBreak();
      pieces.push([offset, bytes.size]);
      received = offset + bytes.size;
      return { id: 1, batch: 7, received, isWhole: received >= LARGE_BYTES + 5 };
    },
  };
  return { answers, sent, batches, pieces, known };
}

async function finished(uploader: Uploader): Promise<readonly SendingFile[]> {
  while (uploader.isBusy) await new Promise((resolve) => setTimeout(resolve, 1));
  return uploader.files;
}

const uploaderOf = (answers: UploadServer) => new Uploader(answers, () => undefined, () => Promise.resolve());

describe("Uploader", () => {
  it("sends a thousand files in requests of a few, all into one batch", async () => {
    const { answers, sent, batches } = server();
    const uploader = uploaderOf(answers);
    uploader.add(Array.from({ length: 1000 }, (_, index) => file(`${index}.dcm`)));
    const files = await finished(uploader);
    expect(files.every(({ state }) => state === "sent")).toBe(true);
    expect(sent.flat()).toHaveLength(1000);
    expect(Math.max(...sent.map((names) => names.length))).toBeLessThanOrEqual(20);
    expect(batches.filter((batch) => batch === null)).toHaveLength(1);
  });

  it("tries again when the connection breaks, and loses and doubles nothing", async () => {
    const { answers, sent } = server([1, 3]);
    const uploader = uploaderOf(answers);
    uploader.add([...Array(50).keys()].map((index) => file(`${index}.dcm`)));
    const files = await finished(uploader);
    expect(files.every(({ state }) => state === "sent")).toBe(true);
    expect(sent.flat().sort()).toEqual(files.map(({ name }) => name).sort());
  });

  it("says what was not sent when the server refuses, and sends it when asked again", async () => {
    const { answers } = server();
    let refuses = true;
    const { send } = answers;
    answers.send = (...given) => (refuses ? Promise.reject(new ApiError("invalid", "too large", 400)) : send(...given));
    const uploader = uploaderOf(answers);
    uploader.add([file("a.dcm")]);
    expect((await finished(uploader)).map(({ state }) => state)).toEqual(["failed"]);
    refuses = false;
    uploader.sendFailedAgain();
    expect((await finished(uploader)).map(({ state }) => state)).toEqual(["sent"]);
  });

  it("does not send what is there already", async () => {
    const { answers, sent } = server();
    const { known } = answers;
    answers.known = async (hashes) => (await known(hashes)).concat(hashes[0] ?? "");
    const uploader = uploaderOf(answers);
    uploader.add([file("here.dcm", 3), file("new.dcm", 5)]);
    expect((await finished(uploader)).map(({ state }) => state)).toEqual(["known", "sent"]);
    expect(sent).toEqual([["new.dcm"]]);
  });

  it("sends a large file in pieces and goes on where it broke off", async () => {
    const { answers, pieces } = server([2]);
    const uploader = uploaderOf(answers);
    uploader.add([file("large.zip", LARGE_BYTES + 5)]);
    expect((await finished(uploader)).map(({ state }) => state)).toEqual(["sent"]);
    expect(pieces.map(([offset]) => offset)).toEqual([0, 1, 2, 3, 4].map((piece) => piece * 8 * 1024 * 1024));
    expect(uploader.batch).toBe(7);
  });
});
