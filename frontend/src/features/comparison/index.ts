import { IconScale } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "comparisons", lazy: () => import("./ComparisonsPage") },
    { path: "comparisons/new", lazy: () => import("./NewComparisonPage") },
    { path: "comparisons/published", lazy: () => import("./PublishedPage") },
    { path: "comparisons/:comparison/report", lazy: () => import("./ReportPage") },
    { path: "comparisons/:comparison", lazy: () => import("./ComparisonPage") },
  ],
  navigation: [
    { label: "comparison.navigation", href: "comparisons", roles: ["researcher"], order: 100, icon: IconScale },
  ],
};
