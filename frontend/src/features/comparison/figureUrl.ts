import type { Schemas } from "@/shared/api";

export type Comparison = Schemas["ComparisonDetail"];

/** Where the API has what belongs to one comparison. */
export const addressOf = (slug: string, id: number): string => `/api/v1/studies/${slug}/comparisons/${id}`;

export const figureUrl = (slug: string, id: number, name: string): string => `${addressOf(slug, id)}/figures/${name}`;
