import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, client, type Schemas } from "@/shared/api";
import { useSlug } from "@/shared/study";
import type { Protocol } from "./progress";

/** Brings a changed protocol into the list, and lets whatever hangs from it be asked for again. */
export function useChanged(): (protocol?: Protocol) => void {
  const slug = useSlug();
  const queries = useQueryClient();
  return useCallback(() => {
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/v1/studies/{slug}/protocols"),
    });
    void queries.invalidateQueries({ queryKey: api.queryOptions("get", "/api/v1/studies/{slug}", { params: { path: { slug } } }).queryKey });
  }, [queries, slug]);
}

export const protocolAddress = (slug: string, id: number) => `/api/v1/studies/${slug}/protocols/${id}`;

export async function previewOf(slug: string, settings: Schemas["SettingsRequest"]): Promise<Schemas["Preview"] | undefined> {
  const { data } = await client.POST("/api/v1/studies/{slug}/protocols/preview", { params: { path: { slug } }, body: settings });
  return data;
}
