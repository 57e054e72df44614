import { IconUsers } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [{ path: "people", lazy: () => import("./PeoplePage") }],
  navigation: [
    { label: "people.navigation", href: "people", roles: ["administrator"], order: 200, icon: IconUsers },
  ],
};
