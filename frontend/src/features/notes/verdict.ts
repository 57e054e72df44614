import type { Schemas } from "@/shared/api";
import type { Span } from "./segments";
import { t } from "./text";

export type Note = Schemas["OperativeNote"];
export type Given = Schemas["GivenVerdict"];
export type Found = Pick<Given, Item | "comment" | "quote_start" | "quote_end">;

/** The form's four questions, each without an answer until somebody gives one. */
export interface Answers {
  cup: Schemas["VerdictRequest"]["cup"] | null;
  stem: Schemas["VerdictRequest"]["stem"] | null;
  infection: Schemas["VerdictRequest"]["infection"] | null;
  diagnoses_agree: boolean | null;
}

export const NOTHING: Answers = { cup: null, stem: null, infection: null, diagnoses_agree: null };
export type Item = keyof Answers;
export const ITEMS = ["cup", "stem", "infection", "diagnoses_agree"] as const satisfies readonly Item[];

export interface Choice {
  key: string;
  value: Answers[Item] & {};
}

/** The answers of each question with the key that gives it. */
export const CHOICES: Record<Item, readonly Choice[]> = {
  cup: [
    { key: "1", value: "loose" },
    { key: "2", value: "well_fixed" },
    { key: "3", value: "not_stated" },
  ],
  stem: [
    { key: "4", value: "loose" },
    { key: "5", value: "well_fixed" },
    { key: "6", value: "not_stated" },
  ],
  infection: [
    { key: "7", value: "none" },
    { key: "8", value: "suspected" },
    { key: "9", value: "confirmed" },
  ],
  diagnoses_agree: [
    { key: "Y", value: true },
    { key: "N", value: false },
  ],
};

export function answerWord(value: Choice["value"]): string {
  if (typeof value === "boolean") return t(value ? "answer.yes" : "answer.no");
  return t(`answer.${value}`);
}

export const missing = (answers: Answers): Item[] => ITEMS.filter((item) => answers[item] === null);

type Label = NonNullable<Note["label"]>;

/** What the label rests on, in one sentence. It is told only once it is settled. */
export const whatHappened = ({ rung }: Label): string => t(rung === "adjudicated" ? "label.adjudicated" : "label.second");

export const labelNow = ({ value, rung, version }: Label): string =>
  t("label.now", { value: t(`label.value.${value}`), rung: t(`label.rung.${rung}`), version });

export function spanOf({ quote_start: start, quote_end: end }: Pick<Found, "quote_start" | "quote_end">): Span | null {
  return start !== null && end !== null ? { start, end } : null;
}

export const sideWord = (side: string): string => t(side === "R" ? "side.R" : "side.L");
