import type { Schemas } from "@/shared/api";

export type Case = Schemas["Case"];
export type Session = Schemas["MySessionDetail"];
export type Call = "loose" | "well_fixed" | "cannot_assess";

export interface Answer {
  call: Call | null;
  confidence: number | null;
  comment: string;
}

export const NO_ANSWER: Answer = { call: null, confidence: null, comment: "" };
export const CALLS: readonly { call: Call; key: string }[] = [
  { call: "loose", key: "l" },
  { call: "well_fixed", key: "w" },
  { call: "cannot_assess", key: "c" },
];

/** What still keeps the answer from being submitted, as a key of the catalogue. */
export function missing({ call, confidence }: Answer): "answer.missing_call" | "answer.missing_confidence" | null {
  if (call === null) return "answer.missing_call";
  if (call !== "cannot_assess" && confidence === null) return "answer.missing_confidence";
  return null;
}

/** An answer with another call. A case that cannot be assessed has no confidence. */
export function withCall(answer: Answer, call: Call): Answer {
  return { ...answer, call, confidence: call === "cannot_assess" ? null : answer.confidence };
}

const within = (value: number) => Math.min(100, Math.max(0, value));

/** Arrows move the confidence; from nothing they begin in the middle. */
export function nudged(confidence: number | null, by: number): number {
  return confidence === null ? 50 : within(confidence + by);
}

/**
 * Digits write the confidence: 8 means 80 at once, a 5 soon after makes it 85, and 1 0 0 makes it 100.
 * `typed` is what was typed just before, empty after a pause.
 */
export function typedConfidence(typed: string, digit: string): { typed: string; confidence: number } {
  const text = typed.length >= 2 && typed + digit !== "100" ? digit : typed + digit;
  if (text.length === 1) return { typed: text, confidence: Number(text) * 10 };
  return { typed: text, confidence: within(Number(text)) };
}

export function isComplete(answer: Answer): answer is Answer & { call: Call } {
  return missing(answer) === null;
}
