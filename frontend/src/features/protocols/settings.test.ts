import { describe, expect, it } from "vitest";
import type { Protocol } from "./progress";
import { changesOf, isComplete, NEW, settingsOf } from "./settings";

const protocol = { ...NEW, title: "Reading", dataset_version: 3, assigned: [{ id: 5 }, { id: 9 }] } as unknown as Protocol;

describe("a protocol's settings", () => {
  it("come into the form with their readers and go out the same", () => {
    expect(settingsOf(protocol)).toEqual({ ...NEW, title: "Reading", dataset_version: 3, readers: [5, 9] });
  });

  it("are amended by what differs and by nothing else", () => {
    const { instructions, feedback, sessions_per_reader, batch_size, cannot_assess_counts_wrong, analysed_version, consensus_wanted } = NEW;
    const wanted = {
      instructions, feedback, sessions_per_reader, batch_size, cannot_assess_counts_wrong, analysed_version, consensus_wanted,
      washout_days: 42,
    };
    expect(changesOf(protocol, wanted)).toEqual({ washout_days: 42 });
  });

  it("need a title and a dataset version", () => {
    expect([NEW, { ...NEW, title: "x" }, { ...NEW, title: "x", dataset_version: 1 }].map(isComplete)).toEqual([false, false, true]);
  });
});
