import { describe, expect, it } from "vitest";
import type { Schemas } from "@/shared/api";
import { partDone, partOfEpoch, secondsLeft } from "./jobTimes";

const job = (changes: Partial<Schemas["Job"]>): Schemas["Job"] => ({
  status: "running",
  worker_lost: false,
  cancel_requested: false,
  attempts: 1,
  progress_done: 0,
  progress_total: 10,
  progress_note: "",
  failure_reason: "",
  failure_advice: "",
  queued_at: "2026-01-01T00:00:00Z",
  started_at: "2026-01-01T00:00:00Z",
  finished_at: null,
  ...changes,
});

describe("how far a job is", () => {
  it("counts the steps of the epoch that is under way", () => {
    expect(partOfEpoch("epoch 3 of 10, step 4 of 8")).toBe(0.5);
    expect(partDone(job({ progress_done: 2, progress_note: "epoch 3 of 10, step 4 of 8" }))).toBe(0.25);
  });

  it("does not know before the work has a size", () => {
    expect(partDone(job({ progress_total: 0 }))).toBeNull();
  });

  it("takes the remaining time from the last three epochs, and says nothing before the first", () => {
    const epochs = [100, 2, 4, 6].map((seconds, index) => ({ epoch: index + 1, metrics: {}, seconds }));
    expect(secondsLeft({ job: job({ progress_done: 4 }), epochs })).toBe(24);
    expect(secondsLeft({ job: job({}), epochs: [] })).toBeNull();
  });

  it("promises no time while the worker is lost", () => {
    const epochs = [{ epoch: 1, metrics: {}, seconds: 5 }];
    expect(secondsLeft({ job: job({ progress_done: 1, worker_lost: true }), epochs })).toBeNull();
  });
});
