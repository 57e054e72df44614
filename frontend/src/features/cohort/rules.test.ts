import { describe, expect, test } from "vitest";
import { dataOf, differences, formOf, tidyCodes } from "./rules";

const PUBLISHED = {
  primary: { cpt: ["27130"] },
  revision: { cpt: ["27134", "27137"], without_modifiers: ["52"] },
  reason: { R: ["T84.030[ADS]"], L: ["T84.031[ADS]"] },
  side_agreement: true,
  window_days: { before: 30, after: 30 },
  since_primary_days: { minimum: 0, maximum: null },
  cementless: true,
  exclusion: { icd10cm: [] },
  only_reason: true,
  second_reasons: { R: ["T84.51*"], L: ["T84.52*"], either: ["T84.50*"] },
  comparison: { minimum_follow_up_days: 365, cementless: true, no_complication: true },
  expected: { registry: 15277, coded: 316 },
};

describe("the form of the rules", () => {
  test("gives back what it was given", () => {
    expect(dataOf(formOf(PUBLISHED))).toEqual(PUBLISHED);
  });

  test("fills in what an older version did not state", () => {
    const { side_agreement, only_reason, exclusion, since_primary_days, ...older } = PUBLISHED;
    expect(dataOf(formOf(older)).side_agreement).toBe(side_agreement);
    expect(dataOf(formOf(older)).only_reason).toBe(only_reason);
    expect(dataOf(formOf(older)).exclusion).toEqual(exclusion);
    expect((dataOf(formOf(older)).since_primary_days as { maximum: null }).maximum).toBe(since_primary_days.maximum);
  });

  test("tidies codes as people type them", () => {
    expect(tidyCodes([" t84.030 a", "T84.030A", "", "m97*"])).toEqual(["T84.030A", "M97*"]);
  });
});

describe("the differences of two versions", () => {
  const earlier = formOf(PUBLISHED);

  test("are none between the same rules in another order", () => {
    const later = formOf({ ...PUBLISHED, revision: { cpt: ["27137", "27134"], without_modifiers: ["52"] } });
    expect(differences(earlier, later)).toEqual([]);
  });

  test("name what came and what went, and values before and after", () => {
    const later = formOf({
      ...PUBLISHED,
      revision: { cpt: ["27134", "27138"], without_modifiers: ["52"] },
      window_days: { before: 30, after: 60 },
      cementless: false,
      expected: { registry: 15277 },
    });
    expect(differences(earlier, later).map(({ field, added, removed, before, after }) => [field, added, removed, before, after])).toEqual([
      ["revision.cpt", ["27138"], ["27137"], null, null],
      ["cementless", [], [], true, false],
      ["window_days.after", [], [], 30, 60],
      ["expected.coded", [], [], 316, null],
    ]);
  });
});
