import { featureText, hasMessage, textOf } from "@/shared/messages";
import type messages from "./messages.en.json";

export const t = featureText<keyof typeof messages>("labels");

/** A reason of the rules in words; what an adjudicator or a correction says is a sentence already. */
export function reasonWord(reason: string): string {
  const key = `labels.reason.${reason}`;
  return hasMessage(key) ? textOf(key) : reason;
}
