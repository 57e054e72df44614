import { ApiError } from "@/shared/api";
import type { ChosenFile } from "./chosenFiles";
import { chunksOf } from "./chunks";
import { fingerprintOf, sha256Of } from "./hashes";

export type SendingState = "waiting" | "sending" | "sent" | "known" | "failed";

export interface SendingFile {
  id: number;
  file: File;
  name: string;
  size: number;
  state: SendingState;
  /** Bytes that have gone out. */
  sent: number;
  error: unknown;
}

/** What the uploader asks of the server. */
export interface UploadServer {
  known: (hashes: string[]) => Promise<string[]>;
  /** Files in one request; without a batch it begins one. The batch's number comes back. */
  send: (batch: number | null, files: readonly SendingFile[], onPart: (part: number) => void) => Promise<number>;
  begin: (batch: number | null, file: SendingFile, fingerprint: string) => Promise<Part>;
  piece: (upload: number, offset: number, bytes: Blob, onPart: (part: number) => void) => Promise<Part>;
}

/** How much of a large file has come. */
export interface Part {
  id: number;
  batch: number;
  received: number;
  isWhole: boolean;
}

export const LARGE_BYTES = 32 * 1024 * 1024;
const PIECE_BYTES = 8 * 1024 * 1024;
const AT_A_TIME = 3;
const TRIES = 4;

/** Whether trying again may help: no answer, or the server is busy. */
const mayPass = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 500);

/** Sends files, several requests at a time, each tried again when the connection breaks; all of one go are one batch. */
export class Uploader {
  files: SendingFile[] = [];
  batch: number | null = null;
  private readonly queue: SendingFile[][] = [];
  private running = 0;
  private first: Promise<number> | null = null;

  constructor(
    private readonly server: UploadServer,
    private readonly changed: () => void,
    private readonly pause: (tries: number) => Promise<void> = waitAWhile,
  ) {}

  add(chosen: readonly ChosenFile[]): void {
    const fresh = chosen.map(({ file, name }, index): SendingFile => {
      const id = this.files.length + index;
      return { id, file, name, size: file.size, state: "waiting", sent: 0, error: null };
    });
    this.files = [...this.files, ...fresh];
    this.enqueue(fresh);
  }

  sendFailedAgain(): void {
    const failed = this.files.filter(({ state }) => state === "failed");
    for (const file of failed) Object.assign(file, { state: "waiting", error: null, sent: 0 });
    this.enqueue(failed);
  }

  get isBusy(): boolean {
    return this.running > 0;
  }

  private enqueue(files: readonly SendingFile[]): void {
    const large = files.filter(({ size }) => size > LARGE_BYTES);
    this.queue.push(...chunksOf(files.filter(({ size }) => size <= LARGE_BYTES)), ...large.map((file) => [file]));
    while (this.running < AT_A_TIME && this.queue.length > 0) {
      this.running += 1;
      void this.work();
    }
    this.changed();
  }

  private async work(): Promise<void> {
    for (let chunk = this.queue.shift(); chunk; chunk = this.queue.shift()) await this.deliver(chunk);
    this.running -= 1;
    this.changed();
  }

  private async deliver(chunk: SendingFile[]): Promise<void> {
    let files = chunk;
    for (let tries = 1; ; tries += 1) {
      try {
        files = await this.withoutKnown(files);
        this.set(files, { state: "sending" });
        if (files[0] && files[0].size > LARGE_BYTES) await this.sendPieces(files[0]);
        else if (files.length > 0) await this.sendTogether(files);
        this.set(files, { state: "sent" });
        for (const file of files) file.sent = file.size;
        return this.changed();
      } catch (error) {
        if (tries < TRIES && mayPass(error)) await this.pause(tries);
        else return this.set(files, { state: "failed", error, sent: 0 });
      }
    }
  }

  /** What the study has already is not sent again: a broken upload goes on where it was. */
  private async withoutKnown(files: SendingFile[]): Promise<SendingFile[]> {
    if (files.some(({ size }) => size > LARGE_BYTES)) return files;
    const hashes = await Promise.all(files.map(({ file }) => sha256Of(file)));
    if (hashes.some((hash) => hash === null)) return files;
    const known = new Set(await this.server.known(hashes.filter((hash) => hash !== null)));
    this.set(files.filter((_, index) => known.has(hashes[index] ?? "")), { state: "known" });
    return files.filter(({ state }) => state !== "known");
  }

  private async sendTogether(files: SendingFile[]): Promise<void> {
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const report = (part: number) => {
      let left = part * total;
      for (const file of files) {
        file.sent = Math.min(file.size, Math.max(0, left));
        left -= file.size;
      }
      this.changed();
    };
    if (this.batch === null && this.first) await this.first.catch(() => null);
    if (this.batch !== null) return void (await this.server.send(this.batch, files, report));
    this.first = this.server.send(null, files, report);
    this.batch = await this.first;
  }

  private async sendPieces(file: SendingFile): Promise<void> {
    if (this.batch === null && this.first) await this.first.catch(() => null);
    const fingerprint = await fingerprintOf(file.file);
    const begun = this.server.begin(this.batch, file, fingerprint);
    if (this.batch === null) this.first = begun.then(({ batch }) => batch);
    const { id, batch, received } = await begun;
    this.batch ??= batch;
    file.sent = received;
    for (let isWhole = false; !isWhole; ) {
      const offset = file.sent;
      const bytes = file.file.slice(offset, offset + PIECE_BYTES);
      const answer = await this.server.piece(id, offset, bytes, (part) => {
        file.sent = offset + part * bytes.size;
        this.changed();
      });
      file.sent = answer.received;
      isWhole = answer.isWhole;
      this.changed();
    }
  }

  private set(files: readonly SendingFile[], changes: Partial<SendingFile>): void {
    for (const file of files) Object.assign(file, changes);
    this.changed();
  }
}

async function waitAWhile(tries: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** tries));
}
