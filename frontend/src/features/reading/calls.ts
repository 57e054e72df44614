import type { Schemas } from "@/shared/api";
import { type Findings, findingsOf, NO_FINDINGS } from "./findings";
import { unanswered } from "./questions";

export type Case = Schemas["Case"];
export type Session = Schemas["MySessionDetail"];
export type Form = Schemas["ReadForm"];
export type Call = "loose" | "well_fixed" | "cannot_assess";

export interface Answer {
  /** Call and confidence are the quick form's; the full one has findings instead. */
  call: Call | null;
  confidence: number | null;
  comment: string;
  findings: Findings | null;
  /** Where the reader may go back: to be seen once more before the signature. */
  look_again: boolean;
}

export const NO_ANSWER: Answer = { call: null, confidence: null, comment: "", findings: null, look_again: false };

/** What the server keeps of an answer, in the form that the protocol asks for. */
export function answerOf(form: Form, told: Partial<Omit<Schemas["Draft"], "findings">> & Pick<Schemas["Draft"], "findings">): Answer {
  const { call = null, confidence = null, comment = "", look_again = false } = told;
  if (form === "full") return { ...NO_ANSWER, comment, look_again, findings: findingsOf(told.findings) };
  return { ...NO_ANSWER, call, confidence, comment, look_again };
}

export const emptyAnswer = (form: Form): Answer => (form === "full" ? { ...NO_ANSWER, findings: NO_FINDINGS } : NO_ANSWER);

/** What is sent when an answer is whole. */
export function sentOf({ call, confidence, comment, findings }: Answer): Omit<Schemas["SubmitRequest"], "focus_milliseconds"> {
  return { call, confidence, comment, findings: findings as Schemas["FindingsRequest"] | null };
}
export const CALLS: readonly { call: Call; key: string }[] = [
  { call: "loose", key: "l" },
  { call: "well_fixed", key: "w" },
  { call: "cannot_assess", key: "c" },
];

/** What still keeps the answer from being submitted, as a key of the catalogue. */
export function missing(answer: Answer): "answer.missing_call" | "answer.missing_confidence" | "answer.missing_findings" | null {
  const { call, confidence, findings } = answer;
  if (findings) return unanswered(findings).length > 0 ? "answer.missing_findings" : null;
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

export const isComplete = (answer: Answer): boolean => missing(answer) === null;
