import { IconKey, IconPhotoScan, IconServer2 } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "radiographs", lazy: () => import("./RadiographsPage") },
    { path: "radiographs/upload", lazy: () => import("./UploadPage") },
    { path: "radiographs/uploads/:batchId", lazy: () => import("./BatchPage") },
    { path: "radiographs/linking", lazy: () => import("./LinkingPage") },
    { path: "radiographs/linking/:radiographId", lazy: () => import("./LinkingCasePage") },
    { path: "sending", lazy: () => import("./SendingPage") },
    { path: "identifier-map", lazy: () => import("./IdentifierMapPage") },
    { path: "radiographs/:radiographId", lazy: () => import("./RadiographPage") },
  ],
  navigation: [
    { label: "radiographs.navigation", href: "radiographs", roles: ["coordinator"], order: 40, icon: IconPhotoScan },
    { label: "radiographs.map.navigation", href: "identifier-map", roles: ["identifier_keeper"], order: 45, icon: IconKey },
    { label: "radiographs.sending.navigation", href: "sending", roles: ["administrator"], order: 190, icon: IconServer2 },
  ],
};
