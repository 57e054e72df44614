import type { Schemas } from "@/shared/api";

type Run = Pick<Schemas["RunDetail"], "configuration" | "dataset_version">;

export interface Difference {
  field: string;
  values: unknown[];
}

/** The fields in which runs differ, the dataset version among them, in the order of the first run's configuration. */
export function differences(runs: readonly Run[]): Difference[] {
  const fields = [...new Set(runs.flatMap(({ configuration }) => Object.keys(configuration)))];
  const rows = [
    { field: "dataset_version", values: runs.map(({ dataset_version: version }) => version as unknown) },
    ...fields.map((field) => ({ field, values: runs.map(({ configuration }) => configuration[field] as unknown) })),
  ];
  return rows.filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}
