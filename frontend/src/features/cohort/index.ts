import { IconFilter } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "cohort", lazy: () => import("./CohortPage") },
    { path: "cohort/rules", lazy: () => import("./RulesPage") },
  ],
  navigation: [
    {
      label: "cohort.navigation",
      href: "cohort",
      roles: ["coordinator", "administrator", "researcher"],
      order: 10,
      icon: IconFilter,
    },
  ],
};
