import type { Schemas } from "@/shared/api";

type Job = Schemas["Job"];
type Run = Pick<Schemas["Run"], "job" | "epochs">;

export const isActive = ({ status }: Pick<Job, "status">): boolean => status === "queued" || status === "running";

/** How often to ask again: each second while something happens, else not at all. */
export const pollWhile = (active: boolean | undefined): number | false => (active ? 1000 : false);

/** How far into its epoch a run is, 0 to 1: the worker says "step 4 of 10" in its note, or nothing. */
export function partOfEpoch(note: string): number {
  const found = /step (\d+) of (\d+)/.exec(note);
  if (!found) return 0;
  return Math.min(1, Number(found[1]) / Math.max(1, Number(found[2])));
}

/** How far a job is, 0 to 1; null while it cannot be said. */
export function partDone({ progress_done, progress_total, progress_note, status }: Job): number | null {
  if (status === "succeeded") return 1;
  if (progress_total === 0) return null;
  return Math.min(1, (progress_done + partOfEpoch(progress_note)) / progress_total);
}

/** Seconds that the remaining epochs will take, if they take as long as the last three did; unknown while no worker works. */
export function secondsLeft({ job, epochs }: Run): number | null {
  const last = epochs.slice(-3).map((epoch) => epoch.seconds);
  if (job.status !== "running" || job.worker_lost || last.length === 0) return null;
  const each = last.reduce((sum, seconds) => sum + seconds, 0) / last.length;
  return Math.max(0, (job.progress_total - job.progress_done - partOfEpoch(job.progress_note)) * each);
}
