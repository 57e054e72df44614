import type { Feature } from "@/shared/registry";

/** A tab of the run's page: the navigation leads there through the training runs. */
export const feature: Feature = {
  routes: [{ path: "training/:run/scores", lazy: () => import("./ScoresPage") }],
  navigation: [],
};
