import type { Schemas } from "@/shared/api";

export type ScoredCase = Schemas["ScoredCase"];
export type Outcome = "tp" | "fp" | "fn" | "tn";

export interface CalledCase extends ScoredCase {
  call: "loose" | "well_fixed";
  outcome: Outcome;
  /** How far the probability lies on the wrong side, 0 to 1. */
  error: number;
}

/** The call at the fixed threshold: loose at or above it, as the engine defines it. */
export function called(score: ScoredCase, threshold: number): CalledCase {
  const isLoose = score.label === "loose";
  const callsLoose = score.probability >= threshold;
  const outcome: Outcome = isLoose ? (callsLoose ? "tp" : "fn") : callsLoose ? "fp" : "tn";
  return {
    ...score,
    call: callsLoose ? "loose" : "well_fixed",
    outcome,
    error: isLoose ? 1 - score.probability : score.probability,
  };
}

export const isWrong = ({ outcome }: CalledCase): boolean => outcome === "fp" || outcome === "fn";

/** Wrong calls first, the most confident of them at the top; then the right ones by how nearly they were wrong. */
export function worstFirst(cases: readonly CalledCase[]): CalledCase[] {
  return [...cases].sort((a, b) => Number(isWrong(b)) - Number(isWrong(a)) || b.error - a.error || a.case - b.case);
}

export const countOf = (cases: readonly CalledCase[], outcome: Outcome): number =>
  cases.filter((scored) => scored.outcome === outcome).length;
