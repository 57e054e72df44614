import { describe, expect, it } from "vitest";
import { caseCall, type Conclusion, findingsOf, NO_FINDINGS, ZONES } from "./findings";
import { fullKey } from "./fullKeys";
import { cycled, QUESTIONS, restWithoutLucency, type Step, unanswered } from "./questions";

const said = (cup: Conclusion | null, stem: Conclusion | null) =>
  caseCall({ ...NO_FINDINGS, cup: { ...NO_FINDINGS.cup, conclusion: cup }, stem: { ...NO_FINDINGS.stem, conclusion: stem } });

describe("the case of a full form", () => {
  it("is its worse component", () => {
    expect(said("definitely_well_fixed", "possibly_loose")).toEqual({ call: "loose", conclusion: "possibly_loose" });
    expect(said("probably_loose", "definitely_loose")).toEqual({ call: "loose", conclusion: "definitely_loose" });
    expect(said("possibly_well_fixed", "definitely_well_fixed")).toEqual({
      call: "well_fixed",
      conclusion: "possibly_well_fixed",
    });
  });

  it("stays open where a component cannot be assessed, unless the other is loose", () => {
    expect(said("cannot_assess", "definitely_well_fixed")).toEqual({ call: "cannot_assess", conclusion: null });
    expect(said("cannot_assess", "possibly_loose")?.call).toBe("loose");
    expect(said("definitely_well_fixed", null)).toBeNull();
    expect(said(null, null)).toBeNull();
  });
});

/** Types one key after the other; "shift+3" holds the shift key as a German keyboard would write it. */
function typed(keys: string[], from: Step = { findings: NO_FINDINGS, at: "side_shown" }): Step {
  return keys.reduce((step, key) => {
    const shifted = /^shift\+(\d)$/.exec(key);
    const event = shifted ? { code: `Digit${shifted[1]}`, shiftKey: true } : { code: "", shiftKey: false };
    return fullKey(shifted ? "shift+§" : key, event, step) ?? step;
  }, from);
}

describe("the full form by keyboard", () => {
  it("is whole after one digit for each question", () => {
    const { findings } = typed(QUESTIONS.map(() => "2"));
    expect(unanswered(findings)).toEqual([]);
    expect(findings).toMatchObject({ side_shown: "L", image_quality: "adequate", cup: { conclusion: "probably_loose" } });
    expect(ZONES.map((zone) => findings.zones[zone])).toEqual(ZONES.map(() => "under_1_mm"));
  });

  it("reaches a zone by its own number and notes scalloping there, around the stem alone", () => {
    const { findings, at } = typed(["shift+6", "s", "4", "shift+9", "s", "3"]);
    expect(findings.scalloping).toEqual(["G6"]);
    expect(findings.zones).toEqual({ G6: "over_2_mm", D2: "from_1_to_2_mm" });
    expect(at).toBe("D3");
  });

  it("takes an answer back, and goes through options by arrows", () => {
    const answered = typed(["1", "arrowup", "arrowright"]);
    expect(answered).toMatchObject({ at: "side_shown", findings: { side_shown: "L" } });
    expect(typed(["backspace"], answered).findings.side_shown).toBeNull();
  });

  it("fills the zones that are open with no lucency and leaves the others", () => {
    const { findings, at } = typed(["shift+1", "5", "z"]);
    expect(findings.zones.G1).toBe("not_visible");
    expect(ZONES.filter((zone) => findings.zones[zone] === "none")).toHaveLength(9);
    expect(at).toBe("cup.migration");
  });

  it("ignores a digit that the question has no option for", () => {
    expect(typed(["7"]).findings).toEqual(NO_FINDINGS);
  });
});

it("goes through the widths with each click on a zone", () => {
  const widths = [1, 2, 3, 4, 5, 6].reduce<string[]>((seen, _, index) => {
    const before = index === 0 ? NO_FINDINGS : { ...NO_FINDINGS, zones: { G1: seen.at(-1) as never } };
    return [...seen, cycled(before, "G1").zones.G1!];
  }, []);
  expect(widths).toEqual(["none", "under_1_mm", "from_1_to_2_mm", "over_2_mm", "not_visible", "none"]);
});

it("asks for every question that the server wants answered", () => {
  const open = unanswered(findingsOf(null)).map(({ key }) => key);
  expect(open).toEqual(["side_shown", "image_quality", ...ZONES, "cup.conclusion", "stem.conclusion"]);
  expect(unanswered(restWithoutLucency(NO_FINDINGS))).toHaveLength(4);
});
