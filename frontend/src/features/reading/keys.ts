import type { KeyGroup } from "@/shared/components";
import { t } from "./text";

export function answerKeys(): KeyGroup {
  return {
    title: t("keys.title"),
    keys: [
      { keys: ["L"], does: t("answer.loose") },
      { keys: ["W"], does: t("answer.well_fixed") },
      { keys: ["C"], does: t("answer.cannot_assess") },
      { keys: ["0 … 9"], does: t("keys.digits") },
      { keys: ["← →", "↑ ↓"], does: t("keys.arrows") },
      { keys: ["N", "Esc"], does: t("keys.comment") },
      { keys: ["Enter"], does: t("keys.submit") },
      { keys: ["?"], does: t("keys.help") },
    ],
  };
}
