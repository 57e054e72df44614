import type { DecodeAnswer, DecodeRequest } from "./decode.worker";
import type { Levels } from "./types";

type Waiting = { resolve: (levels: Levels) => void; reject: (error: Error) => void };

/** The page's one decoding worker, started with the first picture. */
class Decoder {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  decode(codestream: ArrayBuffer): Promise<Levels> {
    const worker = this.started();
    this.last += 1;
    const request: DecodeRequest = { id: this.last, codestream };
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { resolve, reject });
      worker.postMessage(request, [codestream]);
    });
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<DecodeAnswer>) => {
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ("levels" in data) waiting?.resolve(data.levels);
      else waiting?.reject(new Error(data.problem));
    };
    // A worker that died takes its work along; the next picture gets a new one.
    worker.onerror = (event) => {
      this.waiting.forEach(({ reject }) => reject(new Error(event.message || "the decoder could not be started")));
      this.waiting.clear();
      worker.terminate();
      this.worker = null;
    };
    this.worker = worker;
    return worker;
  }
}

export const decoder = new Decoder();
