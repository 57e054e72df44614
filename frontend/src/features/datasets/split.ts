import { number } from "@/shared/messages";
import { t } from "./text";

const share = (part: number): string => {
  const percentage = Math.round(part * 1000) / 10;
  return number(percentage, Number.isInteger(percentage) ? 0 : 1);
};

/** How a version is divided, as its manifest keeps it: "80 : 10 : 10", "5 folds × 2", "one site left out". */
export function splitText(split: Record<string, unknown>): string {
  const { scheme, validation, test, test_per_class: exact, folds, repeats } = split;
  if (scheme === "k_fold" && typeof folds === "number") {
    const many = typeof repeats === "number" ? repeats : 1;
    return many > 1 ? t("split.folds_repeated", { count: folds, repeats: many }) : t("split.folds", { count: folds });
  }
  if (scheme === "leave_one_site_out") return t("split.sites");
  if (typeof validation !== "number" || typeof test !== "number") return t("split_practice");
  if (typeof exact === "number") return t("split.exact", { validation: share(validation), exact });
  return [1 - validation - test, validation, test].map(share).join(" : ");
}

export const seedOf = (split: Record<string, unknown>): number | null =>
  typeof split.seed === "number" ? split.seed : null;

export const hasFolds = ({ scheme }: Record<string, unknown>): boolean =>
  scheme === "k_fold" || scheme === "leave_one_site_out";
