import { IconCpu } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "training", lazy: () => import("./RunsPage") },
    { path: "training/new", lazy: () => import("./LaunchPage") },
    { path: "training/compare", lazy: () => import("./ComparePage") },
    { path: "training/search", lazy: () => import("./SearchPage") },
    { path: "training/:run", lazy: () => import("./RunPage") },
  ],
  navigation: [{ label: "training.navigation", href: "training", roles: ["researcher"], order: 70, icon: IconCpu }],
};
