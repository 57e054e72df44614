import { describe, expect, it } from "vitest";
import { nearest, takeSpots } from "./spots";

const drawing = (inside: string): SVGSVGElement => {
  const parsed = new DOMParser().parseFromString(
    `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50">${inside}</svg>`,
    "image/svg+xml",
  );
  return parsed.documentElement as unknown as SVGSVGElement;
};

describe("spots of a figure", () => {
  it("reads place and words, and leaves no title for the browser", () => {
    const svg = drawing('<circle class="spot" cx="10" cy="20"><title>CNN\nthreshold 0.500</title></circle><circle cx="1" cy="1"/>');
    expect(takeSpots(svg)).toEqual([{ x: 10, y: 20, says: ["CNN", "threshold 0.500"] }]);
    expect(svg.querySelector("title")).toBeNull();
  });

  it("finds the nearest within reach, the upper of two at one place, and none beyond", () => {
    const spots = [
      { x: 0, y: 0, says: ["a"] },
      { x: 10, y: 0, says: ["b"] },
      { x: 10, y: 0, says: ["c"] },
    ];
    expect(nearest(spots, 3, 0, 20)).toBe(0);
    expect(nearest(spots, 9, 1, 20)).toBe(2);
    expect(nearest(spots, 60, 60, 20)).toBe(-1);
  });
});
