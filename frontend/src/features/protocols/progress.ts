import type { Schemas } from "@/shared/api";

export type Protocol = Schemas["Protocol"];
export type Reader = Schemas["ReaderProgress"];

export type ReaderState = "signed" | "ready_to_sign" | "not_begun" | "open" | "to_come";

/** Where a reader stands, in one word of the catalogue. */
export function readerState({ state, done, total }: Reader): ReaderState {
  if (state === "signed" || state === "to_come") return state;
  if (done === 0) return "not_begun";
  return done >= total ? "ready_to_sign" : "open";
}

export const unsigned = ({ readers }: Protocol): Reader[] => readers.filter(({ state }) => state !== "signed");
