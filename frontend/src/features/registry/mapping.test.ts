import { describe, expect, it } from "vitest";
import { COLOURS, stateOf } from "./imports";
import { chosenAtFirst, missing } from "./mapping";

const kind = {
  columns: [
    { name: "patient_id", about: "", example: "", is_required: true },
    { name: "side", about: "", example: "", is_required: true },
    { name: "surgeon", about: "", example: "", is_required: false },
  ],
};

describe("which columns mean ours", () => {
  it("begins with how the file was read, else with what is suggested", () => {
    const suggestion = { kind: "patients", columns: { patient_id: "MRN" } };
    expect(chosenAtFirst({ kind: "", mapping: {}, suggestion })).toEqual(suggestion);
    expect(chosenAtFirst({ kind: "sites", mapping: { site: "Site" }, suggestion })).toEqual({ kind: "sites", columns: { site: "Site" } });
    expect(chosenAtFirst({ kind: "", mapping: {}, suggestion: null })).toEqual({ kind: "", columns: {} });
  });

  it("asks for every column that must be there, and for no other", () => {
    expect(missing(kind, { patient_id: "MRN", side: "" })).toEqual(["side"]);
    expect(missing(kind, { patient_id: "MRN", side: "Seite" })).toEqual([]);
  });
});

describe("where an import stands", () => {
  it.each([
    ["checking", "queued", false, "checking"],
    ["checking", "running", false, "checking"],
    ["checked", "succeeded", false, "waiting"],
    ["checked", "succeeded", true, "looked_at"],
    ["applying", "running", false, "applying"],
    ["applying", "failed", false, "failed"],
    ["applied", "succeeded", false, "applied"],
    ["discarded", "cancelled", false, "discarded"],
  ] as const)("is, %s and %s, one of its words", (phase, status, dry_run, state) => {
    expect(stateOf({ phase, status, dry_run })).toBe(state);
    expect(COLOURS[state]).toBeTruthy();
  });
});
