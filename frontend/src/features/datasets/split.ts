import { number } from "@/shared/messages";

interface Ratio {
  training: number;
  validation: number;
  test: number;
  seed: number | null;
}

/** The shares of a split as the manifest keeps it; null for a practice set. */
export function ratioOf(split: Record<string, unknown>): Ratio | null {
  const { validation, test, seed } = split;
  if (typeof validation !== "number" || typeof test !== "number") return null;
  return { training: 1 - validation - test, validation, test, seed: typeof seed === "number" ? seed : null };
}

/** "80 : 10 : 10" */
export function ratioText({ training, validation, test }: Ratio): string {
  return [training, validation, test].map((share) => number(Math.round(share * 1000) / 10, Number.isInteger(Math.round(share * 1000) / 10) ? 0 : 1)).join(" : ");
}
