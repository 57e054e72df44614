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
        { keys: ["C"], does: t("keys.comment") },
        { keys: ["Ctrl", "↵"], does: t("keys.submit") },
        { keys: ["?"], does: t("keys.help") },
      ],
    },
  ];
}
