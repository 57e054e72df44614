import { asApiError } from "@/shared/api";
import { type Answer, NO_ANSWER } from "./calls";

export type DraftStatus = "none" | "saving" | "saved" | "kept" | "refused";

export interface Draft {
  answer: Answer;
  status: DraftStatus;
  problem: unknown;
}

interface Stored {
  answer: Answer;
  revision: number;
  focusMilliseconds: number;
}

export interface DraftPorts {
  /** Sends a draft and gives the revision that the server has afterwards. */
  save: (answer: Answer, revision: number, focusMilliseconds: number) => Promise<number>;
  focusMilliseconds: () => number;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

const SAVE_AFTER = 500;
const RETRY_AFTER = 4000;

/**
 * Keeps the draft of one case. Every change is written to this computer at once and to the server shortly after, with
 * a revision that only grows, so that an old draft that arrives late changes nothing. Without network it stays here
 * and is sent as soon as sending works again.
 */
export class DraftKeeper {
  private draft: Draft;
  private revision = 0;
  private sent = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  private closed = false;
  private readonly listeners = new Set<() => void>();
  private readonly key: string;
  /** Focus time of earlier visits to the case on this computer. */
  private focusBefore = 0;

  constructor(
    code: string,
    private readonly ports: DraftPorts,
    empty: Answer = NO_ANSWER,
  ) {
    this.draft = { answer: empty, status: "none", problem: null };
    this.key = `lucency.draft.${code}`;
  }

  get = (): Draft => this.draft;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get focusMilliseconds(): number {
    return this.focusBefore + Math.round(this.ports.focusMilliseconds());
  }

  /** Takes the server's draft, or the one that this computer kept because it could not be sent. */
  begin(answer: Answer, revision: number): void {
    const kept = this.stored();
    this.focusBefore = kept?.focusMilliseconds ?? 0;
    this.revision = this.sent = revision;
    if (kept && kept.revision > revision) {
      this.revision = kept.revision;
      this.show({ answer: kept.answer, status: "kept", problem: null });
      this.schedule(0);
      return;
    }
    this.show({ answer, status: revision > 0 ? "saved" : "none", problem: null });
  }

  change(answer: Answer): void {
    if (this.closed) return;
    this.revision += 1;
    this.show({ answer, status: "saving", problem: null });
    this.write();
    this.schedule(SAVE_AFTER);
  }

  /** Sends now what is waiting, for example because the network is back. */
  flush = async (): Promise<void> => {
    if (this.closed) return;
    if (this.sending) await this.sending;
    if (this.sent < this.revision) await this.send();
  };

  /** Waits for a draft that is on its way; afterwards nothing is sent any more. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.closed = true;
    if (this.sending) await this.sending;
  }

  reopen(): void {
    this.closed = false;
    if (this.sent < this.revision) this.schedule(0);
  }

  /** The answer is locked on the server; nothing of it stays here. */
  forget(): void {
    this.ports.storage.removeItem(this.key);
  }

  private schedule(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), milliseconds);
  }

  private send(): Promise<void> {
    this.sending = this.sendOnce().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async sendOnce(): Promise<void> {
    const revision = this.revision;
    try {
      const known = await this.ports.save(this.draft.answer, revision, this.focusMilliseconds);
      this.sent = Math.max(this.sent, revision);
      // Another page has written a newer draft: the next change here goes above it.
      if (known > this.revision) this.revision = this.sent = known;
      if (this.revision === this.sent) this.show({ ...this.draft, status: "saved", problem: null });
      else if (!this.closed) this.schedule(SAVE_AFTER);
    } catch (error) {
      const { status } = asApiError(error);
      if (status === 0 || status >= 500 || status === 401 || status === 403) {
        this.show({ ...this.draft, status: "kept", problem: null });
        if (!this.closed) this.schedule(RETRY_AFTER);
      } else this.show({ ...this.draft, status: "refused", problem: error });
    }
  }

  private show(draft: Draft): void {
    this.draft = draft;
    this.listeners.forEach((listener) => listener());
  }

  private write(): void {
    const stored: Stored = {
      answer: this.draft.answer,
      revision: this.revision,
      focusMilliseconds: this.focusMilliseconds,
    };
    this.ports.storage.setItem(this.key, JSON.stringify(stored));
  }

  private stored(): Stored | null {
    const text = this.ports.storage.getItem(this.key);
    return text ? (JSON.parse(text) as Stored) : null;
  }
}
