import { useQuery } from "@tanstack/react-query";
import { client } from "@/shared/api";
import { useSlug } from "@/shared/study";
import type { Radiograph } from "./words";

const RADIOGRAPHS = "/api/v1/studies/{slug}/radiographs";
const PAGE = 500;

async function everyPage(slug: string): Promise<Radiograph[]> {
  const found: Radiograph[] = [];
  for (;;) {
    const query = { limit: PAGE, offset: found.length };
    const { data } = await client.GET(RADIOGRAPHS, { params: { path: { slug }, query } });
    if (!data) throw new Error("the radiographs came without content");
    found.push(...data.results);
    if (found.length >= data.count || data.results.length === 0) return found;
  }
}

/** All of the study, so that the filter and the table's export cover everything. */
export function useAllRadiographs() {
  const slug = useSlug();
  return useQuery({ queryKey: ["get", RADIOGRAPHS, { slug, every: true }], queryFn: () => everyPage(slug) });
}
