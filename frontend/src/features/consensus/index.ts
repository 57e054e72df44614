import { IconUsersGroup } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "consensus", lazy: () => import("./MeetingsPage") },
    { path: "consensus/:meetingId", lazy: () => import("./MeetingPage") },
  ],
  navigation: [
    { label: "consensus.navigation", href: "consensus", roles: ["surgeon"], order: 61, icon: IconUsersGroup },
  ],
};
