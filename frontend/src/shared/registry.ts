import type { ComponentType } from "react";
import type { RouteObject } from "react-router";
import type { Schemas } from "@/shared/api";

export type Role = Schemas["StudySummary"]["roles"][number];

export interface NavigationEntry {
  /** The whole key of the text: "cohort.navigation". */
  label: string;
  /** Below /studies/<slug>: "cohort". */
  href: string;
  roles: readonly Role[];
  /** Where it stands: cohort 10, notes 20, ... along the line through the house. */
  order: number;
  icon?: ComponentType<{ size?: number; stroke?: number }>;
}

/** What a feature's index.ts exports as `feature`; the app finds it there. */
export interface Feature {
  /** Pages inside the shell, below /studies/:slug. */
  routes: RouteObject[];
  /** Pages that need the whole window, below /studies/:slug too. */
  wholeWindowRoutes?: RouteObject[];
  navigation: readonly NavigationEntry[];
}
