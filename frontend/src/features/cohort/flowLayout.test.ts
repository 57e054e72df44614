import { describe, expect, test } from "vitest";
import { expectations, type Flow, flowDrawing, wrapped } from "./flowLayout";

const flow: Flow = {
  rules_version: 1,
  built_at: "2026-01-01T00:00:00Z",
  built_by: null,
  steps: [
    { key: "registry", patients_in: 100, patients_out: 100, excluded: [], expected: 100 },
    {
      key: "revised",
      patients_in: 100,
      patients_out: 60,
      excluded: [
        { reason: "never_revised", patients: 30 },
        { reason: "review_by_hand", patients: 10 },
      ],
      expected: 61,
    },
    { key: "coded", patients_in: 60, patients_out: 20, excluded: [{ reason: "second_reason", patients: 40 }], expected: null },
    { key: "confirmed", patients_in: 20, patients_out: 20, excluded: [], expected: null },
  ],
  comparison: { eligible: 25, drawn: 20, seed: 1, balance: [] },
  radiographs: { loose: 18, well_fixed: 20 },
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
    expect(boxOf("excluded-revised").reasons.map(({ count }) => count)).toEqual([30, 10]);
    expect(boxOf("excluded-confirmed")).toBeUndefined();
  });

  test("begins with the whole registry when some of it never had a replacement", () => {
    const [registry, ...others] = flow.steps;
    const without = { ...registry!, patients_in: 120, excluded: [{ reason: "no_primary", patients: 20 }] };
    const larger = { ...flow, steps: [without, ...others] };
    expect(boxOf("input", larger).n).toBe(120);
    expect(boxOf("excluded-registry", larger).n).toBe(20);
    expect(boxOf("input")).toBeUndefined();
  });

  test("says which stated counts differ", () => {
    expect(expectations(flow)).toEqual({ stated: 2, differing: 1 });
    expect(boxOf("revised").lines.at(-1)?.style).toBe("bad");
    expect(boxOf("registry").lines.at(-1)?.style).toBe("good");
  });
});

test("long words wrap between words and lose none", () => {
  const text = "Eligible as well fixed: never revised, no complication, followed long enough";
  expect(wrapped(text, 200).join(" ")).toBe(text);
  expect(wrapped(text, 200).length).toBeGreaterThan(1);
});
