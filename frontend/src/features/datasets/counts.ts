import type { Schemas } from "@/shared/api";

export type PartCount = Schemas["PartCount"];

export interface Counts {
  loose: number;
  wellFixed: number;
  total: number;
}

export interface PartRow extends Counts {
  part: PartCount["part"];
  sites: (Counts & { site: string })[];
}

const ORDER: readonly PartCount["part"][] = ["training", "validation", "test", "practice"];

function summed(counts: readonly PartCount[]): Counts {
  const of = (label: string) => counts.filter((c) => c.label === label).reduce((sum, c) => sum + c.cases, 0);
  return { loose: of("loose"), wellFixed: of("well_fixed"), total: counts.reduce((sum, c) => sum + c.cases, 0) };
}

/** One row for each part there is, in the order of the work; each with its sites. */
export function partRows(counts: readonly PartCount[]): PartRow[] {
  return ORDER.flatMap((part) => {
    const own = counts.filter((count) => count.part === part);
    if (own.length === 0) return [];
    const sites = [...new Set(own.map(({ site }) => site))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    return [
      { part, ...summed(own), sites: sites.map((site) => ({ site, ...summed(own.filter((c) => c.site === site)) })) },
    ];
  });
}

export const overall = (counts: readonly PartCount[]): Counts => summed(counts);
