import type { Schemas } from "@/shared/api";
import { t } from "./text";

export type Radiograph = Schemas["Radiograph"];
export type IntakeFile = Schemas["IntakeFile"];

export const sideWord = (side: string | null | undefined): string => t(`side.${(side ?? "") as "R" | "L" | "U" | ""}`);

export function daysWord(days: number | null | undefined): string {
  if (days == null) return t("days.unknown");
  if (days === 0) return t("days.same");
  return days < 0 ? t("days.before", { count: -days }) : t("days.after", { count: days });
}

const SPACINGS = ["calibrated", "estimated", "at_detector", "none"] as const;

export function spacingWord(kind: string | undefined): string {
  const known = SPACINGS.find((each) => each === kind);
  return known ? t(`spacing.${known}`) : (kind ?? "");
}

export function ofWhom({ patient, side }: Pick<Radiograph, "patient" | "side">): string {
  return patient ? t("of", { patient, side: sideWord(side) }) : t("unlinked");
}

export type Outcome = "accepted" | "quarantined" | "refused" | "unpacked" | "failed" | "running" | "waiting";

export function outcomeOf({ outcome, status }: IntakeFile): Outcome {
  if (outcome) return outcome;
  if (status === "failed" || status === "cancelled") return "failed";
  return status === "running" ? "running" : "waiting";
}

/** Why a file came to its outcome, in one sentence. */
export function reasonWord(file: IntakeFile): string {
  const outcome = outcomeOf(file);
  if (outcome === "failed") return file.failure_reason ?? "";
  if (outcome === "waiting" || outcome === "running") return file.progress_note ?? "";
  if (outcome === "unpacked") return t("file.unpacked");
  if (outcome !== "accepted") return file.reason ?? "";
  if (file.is_duplicate) return t("file.duplicate");
  return file.link_problem ? t("file.not_linked", { problem: file.link_problem }) : t("file.linked");
}
