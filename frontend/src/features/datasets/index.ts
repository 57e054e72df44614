import { IconDatabase } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "datasets", lazy: () => import("./DatasetsPage") },
    { path: "datasets/:number", lazy: () => import("./DatasetPage") },
  ],
  navigation: [
    {
      label: "datasets.navigation",
      href: "datasets",
      roles: ["researcher", "coordinator", "administrator"],
      order: 50,
      icon: IconDatabase,
    },
  ],
};
