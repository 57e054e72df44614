import type { Schemas } from "@/shared/api";
import { dateTime, hasMessage, number, textOf } from "@/shared/messages";
import { t } from "./text";

export type Rater = Schemas["Rater"];
export type Pair = Schemas["Pair"];
export type Result = Schemas["ComparisonResult"];

/** What figures of all kinds have in common. */
export interface FigureLike {
  value: number | null;
  low: number | null;
  high: number | null;
  undefined: string | null;
}

export const FIGURES = ["sensitivity", "specificity", "ppv", "npv", "accuracy"] as const;
export type FigureName = (typeof FIGURES)[number] | "auc";

/** 0.917; "undefined" where there is none: never 0. */
export function valueText({ value }: Pick<FigureLike, "value">, digits = 3): string {
  return value == null ? t("undefined") : number(value, digits);
}

export function intervalText({ low, high, value }: FigureLike, digits = 3): string {
  if (value == null) return "";
  if (low == null || high == null) return t("no_interval");
  return t("interval_short", { low: number(low, digits), high: number(high, digits) });
}

export function signed(value: number, digits = 3): string {
  const text = number(Math.abs(value), digits);
  if (Number(value.toFixed(digits)) === 0) return text;
  return (value > 0 ? "+" : "−") + text;
}

export function signedInterval({ low, high, value }: FigureLike): string {
  if (value == null) return "";
  return low == null || high == null ? t("no_interval") : t("interval", { low: signed(low), high: signed(high) });
}

/** 0.031; "< 0.001" where three digits would say 0; "undefined" where there is none. */
export function pText(p: number | null | undefined): string {
  if (p == null) return t("undefined");
  return p < 0.001 ? `< ${number(0.001, 3)}` : number(p, 3);
}

export function methodText(method: string): string {
  const key = `comparison.method.${method}`;
  return hasMessage(key) ? textOf(key) : method;
}

const CSV_HEAD = ["rater", "kind", "session", "simulated", "n", "cannot_assess", "tp", "fp", "fn", "tn"];

/** The table of the page as rows for a spreadsheet: full digits, an empty cell and a reason where a figure is undefined. */
export function tableRows({ raters }: Result): { head: string[]; rows: unknown[][] } {
  const names: FigureName[] = [...FIGURES, "auc"];
  const head = [
    ...CSV_HEAD,
    ...names.flatMap((name) => [name, `${name}_low`, `${name}_high`, `${name}_method`, `${name}_undefined`]),
    "auc_of",
    "threshold",
    "threshold_rule",
    "threshold_fixed_at",
  ];
  const rows = raters.map((rater) => [
    rater.name,
    rater.kind,
    rater.session,
    rater.is_simulated,
    rater.n,
    rater.cannot_assess,
    rater.tp,
    rater.fp,
    rater.fn,
    rater.tn,
    ...names.flatMap((name) => {
      const { value, low, high, method, undefined: reason } = rater[name];
      return [value, low, high, method, reason];
    }),
    rater.auc.of,
    rater.threshold,
    rater.threshold_rule,
    rater.threshold_fixed_at,
  ]);
  return { head, rows };
}

/** Where a rater stands with its calls; null where one of the two does not exist. */
export function operatingPoint({ sensitivity, specificity }: Rater): { x: number; y: number } | null {
  if (sensitivity.value == null || specificity.value == null) return null;
  return { x: 1 - specificity.value, y: sensitivity.value };
}

export const fixedWhen = ({ threshold_fixed_at: at }: Rater): string =>
  at ? t("threshold_fixed", { when: dateTime(at) }) : "";
