import { describe, expect, it } from "vitest";
import { differences } from "./differences";

describe("what differs between runs", () => {
  it("lists the fields that are not the same everywhere, and the dataset version", () => {
    const runs = [
      { dataset_version: 1, configuration: { backbone: "compact", seed: 1, epochs: 5 } },
      { dataset_version: 2, configuration: { backbone: "compact", seed: 2, epochs: 5, ema: 0.9 } },
    ];
    expect(differences(runs)).toEqual([
      { field: "dataset_version", values: [1, 2] },
      { field: "seed", values: [1, 2] },
      { field: "ema", values: [undefined, 0.9] },
    ]);
    expect(differences([runs[0]!, runs[0]!])).toEqual([]);
  });
});
