import { type Answer, CALLS, nudged, typedConfidence, withCall } from "./calls";

const STEPS: Record<string, number> = { arrowright: 1, arrowleft: -1, arrowup: 10, arrowdown: -10 };
/** After this pause a digit begins a new number. */
const TYPING_MILLISECONDS = 1200;

export interface Typed {
  text: string;
  at: number;
}

/** The quick form's keys: a letter is a call, digits and arrows are the confidence. */
export function quickKey(key: string, answer: Answer, typed: Typed, now = Date.now()): Answer | null {
  const call = CALLS.find((choice) => choice.key === key)?.call;
  if (call) return withCall(answer, call);
  if (answer.call === "cannot_assess") return null;
  const step = STEPS[key];
  if (step !== undefined) return { ...answer, confidence: nudged(answer.confidence, step) };
  if (!/^\d$/.test(key)) return null;
  const written = typedConfidence(now - typed.at < TYPING_MILLISECONDS ? typed.text : "", key);
  typed.text = written.typed;
  typed.at = now;
  return { ...answer, confidence: written.confidence };
}
