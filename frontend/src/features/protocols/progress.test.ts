import { describe, expect, it } from "vitest";
import { type Reader, readerState, unsigned } from "./progress";

const reader = (changes: Partial<Reader>): Reader => ({
  session: 1,
  reader_id: 7,
  reader: "Sam",
  practice_done: 0,
  practice_total: 0,
  signed_at: null,
  available_from: null,
  seed: null,
  is_simulated: false,
  number: 1,
  state: "open",
  done: 0,
  total: 24,
  ...changes,
});

describe("where a reader stands", () => {
  it("tells the one who has read all from the one who has signed", () => {
    const states = [reader({}), reader({ done: 9 }), reader({ done: 24 }), reader({ done: 24, state: "signed" })];
    expect(states.map(readerState)).toEqual(["not_begun", "open", "ready_to_sign", "signed"]);
  });

  it("counts as missing whoever has not signed, even with everything read", () => {
    const readers = [reader({ done: 24 }), reader({ done: 24, state: "signed" })];
    expect(unsigned({ readers } as Parameters<typeof unsigned>[0])).toHaveLength(1);
  });
});
