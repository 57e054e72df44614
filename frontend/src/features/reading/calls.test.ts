import { describe, expect, it } from "vitest";
import { missing, NO_ANSWER, nudged, typedConfidence, withCall } from "./calls";

describe("an answer", () => {
  it("begins with nothing chosen and says what it lacks", () => {
    expect(missing(NO_ANSWER)).toBe("answer.missing_call");
    expect(missing(withCall(NO_ANSWER, "loose"))).toBe("answer.missing_confidence");
    expect(missing({ ...NO_ANSWER, call: "loose", confidence: 0 })).toBeNull();
  });

  it("has no confidence where the case cannot be assessed", () => {
    const answer = withCall({ ...NO_ANSWER, call: "loose", confidence: 80 }, "cannot_assess");
    expect(answer.confidence).toBeNull();
    expect(missing(answer)).toBeNull();
  });

  it("keeps its confidence when the call changes between loose and well fixed", () => {
    expect(withCall({ ...NO_ANSWER, call: "loose", confidence: 80 }, "well_fixed").confidence).toBe(80);
  });
});

describe("confidence by keyboard", () => {
  const type = (digits: string) =>
    [...digits].reduce((state, digit) => typedConfidence(state.typed, digit), { typed: "", confidence: -1 }).confidence;

  it("takes one digit for tens, a second for the exact number, and 100", () => {
    expect(["8", "85", "0", "05", "100", "10"].map(type)).toEqual([80, 85, 0, 5, 100, 10]);
  });

  it("begins a new number after a whole one", () => {
    expect(type("857")).toBe(70);
  });

  it("moves within 0 to 100, and from nothing to the middle", () => {
    expect([nudged(null, 10), nudged(95, 10), nudged(3, -10)]).toEqual([50, 100, 0]);
  });
});
