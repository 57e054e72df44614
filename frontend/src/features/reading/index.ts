import { IconEye } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [{ path: "reading", lazy: () => import("./SessionsPage") }],
  wholeWindowRoutes: [
    { path: "reading/monitor", lazy: () => import("./MonitorPage") },
    { path: "reading/:sessionId", lazy: () => import("./SessionPage") },
  ],
  navigation: [{ label: "reading.navigation", href: "reading", roles: ["surgeon"], order: 60, icon: IconEye }],
};
