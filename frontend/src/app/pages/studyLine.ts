import type { Schemas } from "@/shared/api";
import type { Role } from "@/shared/registry";

type NextStep = Schemas["NextStep"];

export const STAGES = [
  "registry",
  "cohort",
  "notes",
  "radiographs",
  "dataset",
  "reads",
  "training",
  "scores",
  "comparison",
] as const;
export type StageName = (typeof STAGES)[number];
export type StageState = "done" | "yours" | "open";

interface Stage {
  /** Whose work it is. */
  roles: readonly Role[];
  /** Pages below the study, the first that this person may open is taken. */
  hrefs: readonly string[];
  /** Steps of the server that belong to it. */
  steps: readonly string[];
}

export const LINE: Record<StageName, Stage> = {
  registry: { roles: ["coordinator"], hrefs: ["cohort"], steps: [] },
  cohort: { roles: ["coordinator"], hrefs: ["cohort"], steps: ["build_cohort"] },
  notes: { roles: ["abstractor", "adjudicator"], hrefs: ["notes", "labels"], steps: ["read_notes", "adjudicate_notes"] },
  radiographs: { roles: ["coordinator"], hrefs: ["radiographs"], steps: ["take_in_radiographs", "look_at_quarantine"] },
  dataset: { roles: ["researcher"], hrefs: ["datasets"], steps: ["freeze_dataset"] },
  reads: {
    roles: ["surgeon"],
    hrefs: ["reading", "protocols"],
    steps: ["read_cases", "sign_session", "unblind_protocols"],
  },
  training: { roles: ["researcher"], hrefs: ["training"], steps: ["train_model"] },
  scores: { roles: ["researcher"], hrefs: ["training"], steps: ["score_test_part"] },
  comparison: { roles: ["researcher"], hrefs: ["comparisons"], steps: ["compare"] },
};

/** What the study's pages say beside this person's own steps; nothing where the role may not ask. */
export interface LineFacts {
  steps: readonly NextStep[];
  isFrozen: boolean;
  isRead: boolean;
}

export interface StageProgress {
  state: StageState;
  /** What is left for this person. */
  left: number;
}

const BEFORE_THE_DATASET: readonly StageName[] = ["registry", "cohort", "notes", "radiographs", "dataset"];

export function progressOf(name: StageName, { steps, isFrozen, isRead }: LineFacts): StageProgress {
  const own = steps.filter(({ key }) => LINE[name].steps.includes(key));
  const left = own.reduce((sum, step) => sum + (step.is_done ? 0 : Math.max(step.total - step.done, 1)), 0);
  if (left > 0) return { state: "yours", left };
  if (own.length > 0) return { state: "done", left: 0 };
  if (name === "registry" && steps.some(({ key, is_done }) => key === "build_cohort" && is_done))
    return { state: "done", left: 0 };
  if (isFrozen && BEFORE_THE_DATASET.includes(name)) return { state: "done", left: 0 };
  if (isRead && name === "reads") return { state: "done", left: 0 };
  return { state: "open", left: 0 };
}
