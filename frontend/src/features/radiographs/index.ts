import { IconPhotoScan } from "@tabler/icons-react";
import type { Feature } from "@/shared/registry";

export const feature: Feature = {
  routes: [
    { path: "radiographs", lazy: () => import("./RadiographsPage") },
    { path: "radiographs/upload", lazy: () => import("./UploadPage") },
    { path: "radiographs/uploads/:batchId", lazy: () => import("./BatchPage") },
    { path: "radiographs/:radiographId", lazy: () => import("./RadiographPage") },
  ],
  navigation: [
    { label: "radiographs.navigation", href: "radiographs", roles: ["coordinator"], order: 40, icon: IconPhotoScan },
  ],
};
