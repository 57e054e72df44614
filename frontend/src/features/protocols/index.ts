import { IconEyeOff } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [{ path: "protocols", lazy: () => import("./ProtocolsPage") }],
  navigation: [
    {
      label: "protocols.navigation",
      href: "protocols",
      roles: ["administrator", "researcher", "coordinator"],
      order: 60,
      icon: IconEyeOff,
    },
  ],
};
