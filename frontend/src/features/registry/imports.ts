import { useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/shared/api";
import { textOf } from "@/shared/messages";
import { useSlug } from "@/shared/study";

export type RegistryImport = Schemas["RegistryImport"];
export type ImportDetail = Schemas["RegistryImportDetail"];
export type RegistryFile = Schemas["RegistryFile"];
export type TableCounts = RegistryFile["tables"][number];

/** The registry's rows come in this order: each refers to kinds before its own. */
export const KINDS = ["sites", "patients", "procedures", "diagnoses", "followups", "notes"] as const;

export const isWorkedOn = ({ status }: Pick<RegistryImport, "status">): boolean =>
  status === "queued" || status === "running";

export const isUndecided = ({ phase }: Pick<RegistryImport, "phase">): boolean =>
  phase === "checking" || phase === "checked";

/** Where an import stands, in one word of the catalogue. */
export function stateOf(record: Pick<RegistryImport, "phase" | "status" | "dry_run">): State {
  if (record.status === "failed") return "failed";
  if (isWorkedOn(record)) return record.phase === "applying" ? "applying" : "checking";
  if (record.phase === "applied") return "applied";
  if (record.phase === "discarded" || record.status === "cancelled") return "discarded";
  return record.dry_run ? "looked_at" : "waiting";
}

export type State = "failed" | "applying" | "checking" | "applied" | "discarded" | "looked_at" | "waiting";

export const COLOURS: Record<State, string> = {
  failed: "red",
  applying: "petrol",
  checking: "petrol",
  applied: "teal",
  discarded: "gray",
  looked_at: "gray",
  waiting: "yellow",
};

export const kindWord = (kind: string): string =>
  (KINDS as readonly string[]).includes(kind) ? textOf(`registry.kind.${kind as (typeof KINDS)[number]}`) : kind || "–";

type Counted = "rows" | "new" | "changed" | "unchanged" | "refused";

/** How many rows of all files are new, changed, unchanged or refused. */
export const summed = (counts: readonly Record<Counted, number>[], of: Counted): number =>
  counts.reduce((sum, row) => sum + row[of], 0);

/** One import, asked for again while a worker is on it: a reload finds it where it is. */
export function useImport(id: number) {
  const slug = useSlug();
  const path = { slug, import_id: id };
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/registry/imports/{import_id}",
    { params: { path } },
    { refetchInterval: ({ state }) => (state.data && isWorkedOn(state.data) ? 1000 : false), staleTime: 0 },
  );
  return { slug, path, query };
}

/** Shows what a decision has made of an import at once, and everything that rests on the registry when it is next seen. */
export function useTold() {
  const slug = useSlug();
  const queries = useQueryClient();
  return (record: ImportDetail) => {
    const path = { slug, import_id: record.id };
    const query = api.queryOptions("get", "/api/v1/studies/{slug}/registry/imports/{import_id}", { params: { path } });
    queries.setQueryData(query.queryKey, record);
    void queries.invalidateQueries();
  };
}
