import type { KeyGroup } from "@/shared/components";
import { t } from "./text";
import { CHOICES } from "./verdict";

export function keyGroups(): KeyGroup[] {
  const of = (item: keyof typeof CHOICES) => CHOICES[item].map(({ key }) => key);
  return [
    {
      title: t("keys.group"),
      keys: [
        { keys: of("cup"), does: t("keys.cup") },
        { keys: of("stem"), does: t("keys.stem") },
        { keys: of("infection"), does: t("keys.infection") },
        { keys: of("diagnoses_agree"), does: t("keys.diagnoses") },
        { keys: ["M", "X"], does: t("keys.mark") },
        { keys: ["S", "⇧ S"], does: t("keys.sentence") },
        { keys: ["⇧ →", "⇧ ←"], does: t("keys.quote_end") },
        { keys: ["⌥⇧ →", "⌥⇧ ←"], does: t("keys.quote_start") },
        { keys: ["R"], does: t("keys.release") },
        { keys: ["C"], does: t("keys.comment") },
        { keys: ["Ctrl", "↵"], does: t("keys.submit") },
      ],
    },
    {
      title: t("keys.ways"),
      keys: [
        { keys: ["J"], does: t("keys.next") },
        { keys: ["K"], does: t("keys.previous") },
        { keys: ["U"], does: t("keys.undo") },
        { keys: ["?"], does: t("keys.help") },
      ],
    },
  ];
}
