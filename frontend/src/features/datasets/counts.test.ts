import { describe, expect, it } from "vitest";
import { overall, type PartCount, partRows } from "./counts";

const count = (part: PartCount["part"], label: PartCount["label"], site: string, cases: number): PartCount => ({
  part,
  label,
  site,
  cases,
});

describe("the table of cases", () => {
  const counts = [
    count("test", "loose", "S2", 3),
    count("training", "loose", "S10", 5),
    count("training", "well_fixed", "S2", 7),
    count("training", "loose", "S2", 1),
  ];

  it("has the parts in the order of the work, and their sites in the order of their numbers", () => {
    const rows = partRows(counts);
    expect(rows.map(({ part }) => part)).toEqual(["training", "test"]);
    expect(rows[0]).toMatchObject({ loose: 6, wellFixed: 7, total: 13 });
    expect(rows[0]?.sites.map(({ site, total }) => [site, total])).toEqual([
      ["S2", 8],
      ["S10", 5],
    ]);
  });

  it("adds up to all cases", () => {
    expect(overall(counts)).toEqual({ loose: 9, wellFixed: 7, total: 16 });
  });
});
