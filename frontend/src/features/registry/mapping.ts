import type { Schemas } from "@/shared/api";
import type { RegistryFile } from "./imports";

export interface Choice {
  kind: string;
  /** Ours -> theirs. */
  columns: Record<string, string>;
}

/** How the file was read, else what its header most likely means. */
export function chosenAtFirst(file: Pick<RegistryFile, "kind" | "mapping" | "suggestion">): Choice {
  if (file.kind) return { kind: file.kind, columns: { ...file.mapping } };
  return file.suggestion ? { kind: file.suggestion.kind, columns: { ...file.suggestion.columns } } : { kind: "", columns: {} };
}

/** Our columns that must be there and have none of the file's. */
export function missing(kind: Pick<Schemas["FileKind"], "columns">, columns: Readonly<Record<string, string>>): string[] {
  return kind.columns.filter(({ name, is_required: required }) => required && !columns[name]).map(({ name }) => name);
}
