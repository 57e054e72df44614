import { describe, expect, it } from "vitest";
import { called, countOf, worstFirst } from "./calls";

const score = (number: number, label: string, probability: number) =>
  called({ case: number, part: "test", label, logit: 0, probability }, 0.5);

describe("calls at the fixed threshold", () => {
  it("says loose at the threshold itself", () => {
    expect([score(1, "loose", 0.5).outcome, score(2, "well_fixed", 0.4999).outcome]).toEqual(["tp", "tn"]);
  });

  it("puts the most confident mistakes first and the safest hits last", () => {
    const cases = [score(1, "loose", 0.9), score(2, "well_fixed", 0.95), score(3, "loose", 0.4), score(4, "loose", 0.01)];
    expect(worstFirst(cases).map((scored) => scored.case)).toEqual([4, 2, 3, 1]);
  });

  it("counts each outcome", () => {
    const cases = [score(1, "loose", 0.9), score(2, "well_fixed", 0.9), score(3, "loose", 0.1), score(4, "well_fixed", 0.1)];
    expect((["tp", "fp", "fn", "tn"] as const).map((outcome) => countOf(cases, outcome))).toEqual([1, 1, 1, 1]);
  });
});
