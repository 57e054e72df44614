import { describe, expect, test } from "vitest";
import { boxTitle, expectations, type Flow, flowDrawing, wrapped } from "./flowLayout";
import { STARD_HEADER, stardRows } from "./stard";

const left = (reason: string, patients: number, hips = patients, radiographs = 0) => ({ reason, patients, hips, radiographs });
type Step = Flow["steps"][number];
const step = (key: Step["key"], patients_in: number, patients_out: number, excluded: Step["excluded"], expected: number | null): Step => ({
  key,
  patients_in,
  patients_out,
  hips_in: patients_in + 5,
  hips_out: patients_out + 5,
  radiographs_in: 40,
  radiographs_out: 38,
  excluded,
  expected,
  is_met: expected === null ? null : expected === patients_out,
});

const flow: Flow = {
  rules_version: 1,
  rules: { cementless: true, only_reason: true, side_agreement: true },
  built_at: "2026-01-01T00:00:00Z",
  built_by: null,
  steps: [
    step("registry", 100, 100, [], 100),
    step("revised", 100, 60, [left("never_revised", 30), left("review_by_hand", 10), left("other_hip", 0, 7)], 61),
    step("coded", 60, 20, [left("second_reason", 40)], null),
    step("confirmed", 20, 20, [], null),
  ],
  comparison: {
    pool: 30,
    excluded: [{ reason: "complication", patients: 5 }],
    eligible: 25,
    eligible_expectation: { expected: 25, is_met: true },
    draw: {
      drawn: 20,
      radiographs: 19,
      seed: 1,
      against: "coded",
      cases: 20,
      matched_by: [],
      age_band_years: 10,
      per_case: 1,
      strata: [],
      balance: [],
      drawn_by: null,
      drawn_at: "2026-01-01T00:00:00Z",
      is_kept: false,
      eligible_when_drawn: 25,
      expected: null,
      is_met: null,
    },
  },
  radiographs: { loose: 18, well_fixed: 19 },
};

const boxOf = (id: string, of: Flow = flow) => flowDrawing(of).boxes.find((box) => box.id === id)!;

describe("the drawing of the flow", () => {
  test("puts the steps below each other in one column, exclusions between them at the right", () => {
    const steps = ["registry", "revised", "coded", "confirmed"].map((id) => boxOf(id));
    expect(new Set(steps.map(({ x }) => x)).size).toBe(1);
    for (const [above, below] of steps.slice(1).map((step, index) => [steps[index]!, step] as const)) {
      expect(below.y).toBeGreaterThan(above.y + above.height);
    }
    const excluded = boxOf("excluded-revised");
    expect(excluded.x).toBeGreaterThan(steps[0]!.x + steps[0]!.width);
    expect(excluded.y + excluded.height / 2).toBeGreaterThan(steps[0]!.y + steps[0]!.height);
    expect(excluded.y + excluded.height / 2).toBeLessThan(steps[1]!.y);
  });

  test("lets no two boxes overlap and keeps all within the picture", () => {
    const { boxes, width, height } = flowDrawing(flow);
    for (const a of boxes) {
      expect(a.x + a.width).toBeLessThanOrEqual(width);
      expect(a.y + a.height).toBeLessThanOrEqual(height);
      for (const b of boxes.filter((other) => other.id > a.id)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart, `${a.id} and ${b.id}`).toBe(true);
      }
    }
  });

  test("gives every first reason its number, and leaves empty exclusions out", () => {
    expect(boxOf("excluded-revised").reasons.map(({ count, unit }) => [count, unit])).toEqual([[30, ""], [10, ""], [7, "hips"]]);
    expect(boxOf("excluded-revised").n).toBe(40);
    expect(boxOf("excluded-revised").reasons.map(({ behind }) => behind === null)).toEqual([false, false, true]);
    expect(boxOf("excluded-confirmed")).toBeUndefined();
  });

  test("begins with the whole registry when some of it never had a replacement", () => {
    const [registry, ...others] = flow.steps;
    const without = { ...registry!, patients_in: 120, excluded: [left("no_primary", 20)] };
    const larger = { ...flow, steps: [without, ...others] };
    expect(boxOf("input", larger).n).toBe(120);
    expect(boxOf("excluded-registry", larger).n).toBe(20);
    expect(boxOf("input")).toBeUndefined();
  });

  test("says which stated counts differ", () => {
    expect(expectations(flow)).toEqual({ stated: 3, differing: 1 });
    expect(boxOf("revised").lines.at(-1)?.style).toBe("bad");
    expect(boxOf("registry").lines.at(-1)?.style).toBe("good");
  });
});

test("what was drawn is not what the rules call it where a rule is off", () => {
  const off = { ...flow, rules: { ...flow.rules, cementless: false, only_reason: false } };
  expect([boxTitle(flow, "coded"), boxTitle(off, "coded")]).toEqual(["Only mechanical loosening, cementless", "Mechanical loosening"]);
});

describe("the flow as a table in the words of STARD", () => {
  const rows = stardRows(flow);

  test("has as many cells in each row as its heading", () => {
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([STARD_HEADER.length]));
  });

  test("begins with who was assessed, and what comes in is what goes out", () => {
    const loosening = rows.filter(([arm]) => arm === "Loosening");
    const numbers = (start: string) => loosening.filter(([, box]) => String(box).startsWith(start)).map((row) => Number(row[3]));
    const [assessed] = numbers("Assessed");
    const excluded = numbers("Excluded").reduce((sum, patients) => sum + patients, 0);
    expect(assessed).toBe(excluded + numbers("Included").at(-1)!);
  });

  test("says which expectations are met", () => {
    expect(rows.filter((row) => row[7] !== "").map((row) => [row[6], row[7]])).toEqual([[100, "yes"], [61, "no"], [25, "yes"]]);
  });
});

test("long words wrap between words and lose none", () => {
  const text = "Eligible as well fixed: never revised, no complication, followed long enough";
  expect(wrapped(text, 200).join(" ")).toBe(text);
  expect(wrapped(text, 200).length).toBeGreaterThan(1);
});
