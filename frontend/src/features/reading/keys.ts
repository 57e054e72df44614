import type { KeyGroup } from "@/shared/components";
import type { Form } from "./calls";
import { t } from "./text";

/** The answer's part of the help that `?` opens. */
export function answerKeys(form: Form, goesBack: boolean): KeyGroup {
  return {
    title: t("keys.title"),
    keys: [
      ...(form === "full" ? fullKeys() : quickKeys()),
      { keys: ["N", "Esc"], does: t("keys.comment") },
      ...(goesBack ? wayKeys() : [{ keys: ["Enter"], does: t("keys.submit") }]),
      { keys: ["?"], does: t("keys.help") },
    ],
  };
}

const quickKeys = (): KeyGroup["keys"] => [
  { keys: ["L"], does: t("answer.loose") },
  { keys: ["W"], does: t("answer.well_fixed") },
  { keys: ["C"], does: t("answer.cannot_assess") },
  { keys: ["0 … 9"], does: t("keys.digits") },
  { keys: ["← →", "↑ ↓"], does: t("keys.arrows") },
];

const fullKeys = (): KeyGroup["keys"] => [
  { keys: ["1 … 7"], does: t("keys.option") },
  { keys: ["↑ ↓"], does: t("keys.question") },
  { keys: ["← →"], does: t("keys.step") },
  { keys: ["Shift 1 … 7"], does: t("keys.gruen") },
  { keys: ["Shift 8 9 0"], does: t("keys.delee") },
  { keys: ["S"], does: t("keys.scalloping") },
  { keys: ["Z"], does: t("keys.rest") },
  { keys: ["Backspace"], does: t("keys.take_back") },
];

const wayKeys = (): KeyGroup["keys"] => [
  { keys: ["Enter"], does: t("keys.keep") },
  { keys: ["Page ↑", "Page ↓"], does: t("keys.way") },
  { keys: ["Q"], does: t("answer.look_again") },
];
