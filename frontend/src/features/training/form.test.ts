import { describe, expect, it } from "vitest";
import { asText, type Field, grouped, overridesOf, presetValues, searched } from "./form";

const field = (name: string, changes: Partial<Field> = {}): Field => ({
  name,
  kind: "number",
  default: 0,
  minimum: 0,
  maximum: 1,
  choices: [],
  help: "",
  ...changes,
});

describe("the form of a training run", () => {
  const preset = { learning_rate: 1e-5, epochs: 10, optimizer: "adam", backbone: "densenet201" };
  const fields = [field("backbone"), field("learning_rate"), field("epochs"), field("optimizer"), field("brand_new")];

  it("writes small numbers as people do", () => {
    expect([1e-5, 0.3, 0, 16].map(asText)).toEqual(["1e-5", "0.3", "0", "16"]);
  });

  it("tells the server only what differs, whatever way it is written", () => {
    const values = { ...presetValues(fields, preset), learning_rate: "0.00001", epochs: "12" };
    expect(overridesOf(values, { ...preset, brand_new: 0 })).toEqual({ epochs: 12 });
  });

  it("leaves nonsense as it was written, for the server to name", () => {
    expect(overridesOf({ epochs: "ten" }, preset)).toEqual({ epochs: "ten" });
    expect(overridesOf({ epochs: "" }, preset)).toEqual({ epochs: "" });
  });

  it("shows a field that it does not know at the end, and the backbone not at all", () => {
    const groups = grouped(fields);
    expect(groups.at(-1)?.fields.map(({ name }) => name)).toEqual(["brand_new"]);
    expect(groups.flatMap((group) => group.fields.map(({ name }) => name))).not.toContain("backbone");
  });

  it("reads values and ranges of a search as they are written", () => {
    expect(searched("1e-5, 0.001 ,")).toEqual([1e-5, 0.001]);
    expect(searched("adam,sgd")).toEqual(["adam", "sgd"]);
    expect(searched("1e-5 to 1e-3")).toEqual({ low: 1e-5, high: 1e-3 });
    expect(searched("few to many")).toEqual({ low: "few", high: "many" });
  });
});
