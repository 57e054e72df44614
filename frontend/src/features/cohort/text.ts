import { featureText, hasMessage } from "@/shared/messages";
import type messages from "./messages.en.json";

export const t = featureText<keyof typeof messages>("cohort");

/** The text of a key that the server completes: a reason, a code. Unknown ones show themselves. */
export function wordOf(kind: "reason" | "passed" | "code" | "variable" | "kind" | "complication", key: string): string {
  const name = `${kind}.${key}` as keyof typeof messages;
  return hasMessage(`cohort.${name}`) ? t(name) : key;
}
