import { useQuery } from "@tanstack/react-query";
import { client, type Schemas } from "@/shared/api";
import { useSlug } from "@/shared/study";

export type Label = Schemas["CountedLabel"];
export const LABELS = "/api/v1/studies/{slug}/labels";
const PAGE = 1000;

interface AllLabels {
  labels: Label[];
  counts: Schemas["LabelCount"][];
}

async function everyPage(slug: string): Promise<AllLabels> {
  const labels: Label[] = [];
  for (;;) {
    const query = { limit: PAGE, offset: labels.length };
    const { data } = await client.GET(LABELS, { params: { path: { slug }, query } });
    if (!data) throw new Error("the labels came without content");
    labels.push(...data.results);
    if (labels.length >= data.count || data.results.length === 0) return { labels, counts: data.counts };
  }
}

/** The whole reference standard: filtered, sorted and exported as one table. */
export function useAllLabels() {
  const slug = useSlug();
  return useQuery({ queryKey: ["get", LABELS, { slug, every: true }], queryFn: () => everyPage(slug) });
}
