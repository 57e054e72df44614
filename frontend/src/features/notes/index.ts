import { IconFileText } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "notes", lazy: () => import("./NotesPage") },
    { path: "notes/:noteId", lazy: () => import("./NotePage") },
  ],
  navigation: [{ label: "notes.navigation", href: "notes", roles: ["abstractor", "adjudicator", "coordinator"], order: 20, icon: IconFileText }],
};
