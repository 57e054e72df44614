import { describe, expect, it } from "vitest";
import { bodyOf, NEW_DRAFT } from "./draft";
import { selectionSentences } from "./selection";
import { splitText } from "./split";

describe("how a version is divided", () => {
  it("is told by its scheme", () => {
    expect(splitText({ scheme: "ratio", validation: 0.1, test: 0.1, test_per_class: null, seed: 1 })).toBe("80 : 10 : 10");
    expect(splitText({ validation: 0.125, test: 0.25 })).toBe("62.5 : 12.5 : 25");
    expect(splitText({ scheme: "ratio", validation: 0.1, test: 0.1, test_per_class: 12 })).toBe("test 12 + 12, validation 10 %");
    expect(splitText({ scheme: "k_fold", folds: 5, repeats: 1 })).toBe("5 folds");
    expect(splitText({ scheme: "k_fold", folds: 5, repeats: 10 })).toBe("5 folds × 10");
    expect(splitText({ scheme: "leave_one_site_out", validation: 0.1 })).toBe("one site left out at a time");
    expect(splitText({ scheme: "practice" })).toBe("for readers to practise");
  });
});

describe("which cases a version took", () => {
  it("is told by what was chosen alone", () => {
    expect(selectionSentences({ sites: [], one_radiograph_a_hip: false })).toEqual([]);
    expect(
      selectionSentences({ sites: ["S1", "S2"], sexes: ["F"], sides: ["L"], youngest: 60, oldest: null, least_rung: "adjudicated", follow_up_derived: false, one_radiograph_a_hip: true }),
    ).toEqual([
      "Sites: S1, S2",
      "Sex: Female",
      "Side: Left",
      "Age 60 to … years",
      "Loose: at least Adjudicated",
      "Without follow-up-derived hips",
      "One radiograph a hip",
    ]);
  });
});

describe("the body of a preview", () => {
  it("asks for an exact test part only where shares are chosen and it is wanted", () => {
    expect(bodyOf(NEW_DRAFT).test_per_class).toBeNull();
    expect(bodyOf({ ...NEW_DRAFT, exactTest: true, testPerClass: 12 }).test_per_class).toBe(12);
    expect(bodyOf({ ...NEW_DRAFT, exactTest: true, scheme: "k_fold" }).test_per_class).toBeNull();
    expect(Object.keys(bodyOf(NEW_DRAFT))).not.toContain("exactTest");
  });
});
