import { beforeAll, describe, expect, it } from "vitest";
import { addMessages } from "@/shared/messages";
import { operatingPoint, pText, type Rater, type Result, signed, tableRows, valueText } from "./figures";
import messages from "./messages.en.json";

beforeAll(() => addMessages("en", messages, "comparison"));

const figure = (value: number | null, reason: string | null = null) => ({
  value,
  low: value,
  high: value,
  numerator: 1,
  denominator: 2,
  method: "wilson",
  undefined: reason,
  note: null,
});

const rater = (changes: Partial<Rater>): Rater => ({
  key: "model-1",
  name: "CNN",
  kind: "model",
  session: null,
  is_simulated: false,
  cases: 2,
  n: 2,
  cannot_assess: 0,
  tp: 1,
  fp: 0,
  fn: 0,
  tn: 1,
  sensitivity: figure(11 / 12),
  specificity: figure(0.75),
  ppv: figure(null, "no hip was called loose"),
  npv: figure(1),
  accuracy: figure(1),
  auc: { ...figure(1), of: "probability", positives: 1, negatives: 1 },
  roc: [],
  band: [],
  calibration: null,
  threshold: 0.5,
  threshold_rule: "youden",
  threshold_fixed_at: null,
  ...changes,
});

describe("figures of a comparison", () => {
  it("never writes 0 for what does not exist", () => {
    expect(valueText(figure(null, "no cases"))).toBe("undefined");
    expect(pText(null)).toBe("undefined");
    expect(valueText(figure(0))).toBe("0.000");
  });

  it("does not round a small p to nothing", () => {
    expect([pText(0.0004), pText(0.25)]).toEqual(["< 0.001", "0.250"]);
  });

  it("gives differences their sign, and zero none", () => {
    expect([signed(0.25), signed(-0.0833), signed(-0.0001)]).toEqual(["+0.250", "−0.083", "0.000"]);
  });

  it("leaves an undefined figure empty in the file and says why", () => {
    const { head, rows } = tableRows({ raters: [rater({})] } as unknown as Result);
    const at = (name: string) => rows[0]?.[head.indexOf(name)];
    expect([at("ppv"), at("ppv_undefined"), at("sensitivity")]).toEqual([null, "no hip was called loose", 11 / 12]);
  });

  it("places a rater in the ROC plane only where both figures exist", () => {
    expect(operatingPoint(rater({}))).toEqual({ x: 0.25, y: 11 / 12 });
    expect(operatingPoint(rater({ specificity: figure(null, "no well-fixed case") }))).toBeNull();
  });
});
