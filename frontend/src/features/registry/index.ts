import { IconTableImport } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "registry", lazy: () => import("./RegistryPage") },
    { path: "registry/:id", lazy: () => import("./ImportPage") },
  ],
  navigation: [
    { label: "registry.navigation", href: "registry", roles: ["coordinator"], order: 5, icon: IconTableImport },
  ],
};
