import type { Schemas } from "@/shared/api";
import { t } from "./text";

export type Value = Schemas["CountedLabel"]["value"];
export type Rung = Schemas["CountedLabel"]["rung"];
export const VALUES = ["loose", "well_fixed", "not_confirmed"] as const satisfies readonly Value[];
export const RUNGS = ["code_derived", "note_confirmed", "adjudicated", "follow_up_derived", "as_supplied", "teaching"] as const satisfies readonly Rung[];

/** The rung as it is shown: a label in a dataset version is frozen, whatever it rests on. */
export const rungWord = ({ rung, frozen_in: versions }: Pick<Schemas["CountedLabel"], "rung" | "frozen_in">): string =>
  versions.length > 0 ? t("rung.frozen_on", { rung: t(`rung.${rung}`).toLowerCase(), versions: versions.join(", ") }) : t(`rung.${rung}`);

export const sideWord = (side: string): string => t(`side.${side as "R" | "L" | "U"}`);

/** Which component is loose, in words. */
export function componentWord({ cup, stem }: { cup: string; stem: string }): string {
  if (cup === "loose") return t(stem === "loose" ? "component.both" : "component.cup");
  return t(stem === "loose" ? "component.stem" : "component.none");
}

export function verdictWord(verdict: string): string {
  return t(`verdict.${verdict as "loose" | "well_fixed" | "not_stated"}`);
}
