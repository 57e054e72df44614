import type { Feature, NavigationEntry, Role } from "@/shared/registry";

const modules = import.meta.glob<Feature>("../features/*/index.ts", { eager: true, import: "feature" });

/** Every folder below features/ with an index.ts: nobody lists them. */
export const features: readonly Feature[] = Object.values(modules);

export function navigationFor(roles: readonly Role[]): NavigationEntry[] {
  return features
    .flatMap((feature) => feature.navigation)
    .filter((entry) => entry.roles.some((role) => roles.includes(role)))
    .sort((a, b) => a.order - b.order);
}
