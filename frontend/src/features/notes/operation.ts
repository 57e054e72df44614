import { hasMessage, textOf } from "@/shared/messages";
import { t } from "./text";

/** "Revision of both components (CPT 27134)"; the code alone where it has no words. */
export function operationWord(cpt: string): string {
  const key = `notes.cpt.${cpt}`;
  return hasMessage(key) ? t("cpt.with_code", { operation: textOf(key), cpt }) : cpt;
}
