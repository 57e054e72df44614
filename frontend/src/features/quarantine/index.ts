import { IconShieldLock } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "quarantine", lazy: () => import("./QuarantinePage") },
    { path: "quarantine/:imageId", lazy: () => import("./ImagePage") },
  ],
  navigation: [
    { label: "quarantine.navigation", href: "quarantine", roles: ["coordinator"], order: 45, icon: IconShieldLock },
  ],
};
