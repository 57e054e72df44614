import { hasMessage, number, textOf } from "@/shared/messages";
import { t } from "./text";

const known = (key: string, value: string): string => (hasMessage(key) ? textOf(key) : value);

export const sexWord = (sex: string): string => known(`datasets.sex.${sex}`, sex);
export const sideWord = (side: string): string => known(`datasets.side.${side}`, side);
export const rungWord = (rung: string): string => known(`labels.rung.${rung}`, rung);

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The filters of a frozen version, one sentence each; none where it took everything. */
export function selectionSentences(selection: Record<string, unknown>): string[] {
  const sentences: string[] = [];
  for (const [field, word] of [["sites", String], ["sexes", sexWord], ["sides", sideWord]] as const) {
    const chosen = list(selection[field]);
    if (chosen.length) sentences.push(`${t(`filter.${field}`)}: ${chosen.map(word).join(", ")}`);
  }
  const { youngest, oldest, least_rung: rung } = selection;
  if (typeof youngest === "number" || typeof oldest === "number") {
    const bound = (age: unknown) => (typeof age === "number" ? number(age) : "…");
    sentences.push(t("ages", { from: bound(youngest), to: bound(oldest) }));
  }
  if (typeof rung === "string" && rung) sentences.push(t("at_least", { rung: rungWord(rung) }));
  if (selection.follow_up_derived === false) sentences.push(t("without_follow_up"));
  if (selection.one_radiograph_a_hip === true) sentences.push(t("one_radiograph"));
  return sentences;
}
