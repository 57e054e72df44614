import { IconTags } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [{ path: "labels", lazy: () => import("./LabelsPage") }],
  navigation: [
    { label: "labels.navigation", href: "labels", roles: ["coordinator", "administrator"], order: 30, icon: IconTags },
  ],
};
