import { describe, expect, it } from "vitest";
import { between, grown, middle, moved, resized } from "./mask";

const size = { rows: 1000, columns: 800 };
const box = { top: 100, left: 200, bottom: 150, right: 400 };

describe("rectangles of a mask", () => {
  it("are drawn from any corner, and end at the picture's edge", () => {
    expect(between({ x: 400, y: 150 }, { x: 200.4, y: 99.6 }, size)).toEqual(box);
    expect(between({ x: 700, y: 900 }, { x: 900, y: 2000 }, size)).toEqual({
      top: 900,
      left: 700,
      bottom: 1000,
      right: 800,
    });
  });

  it("are not made by a click", () => {
    expect(between({ x: 10, y: 10 }, { x: 12, y: 200 }, size)).toBeNull();
  });

  it("keep their size when they are moved to the edge", () => {
    expect(moved(box, 5000, -5000, size)).toEqual({ top: 0, left: 600, bottom: 50, right: 800 });
  });

  it("never vanish when they are made smaller", () => {
    expect(resized(box, -1000, -1000, size)).toEqual({ top: 100, left: 200, bottom: 108, right: 208 });
  });

  it("grow beyond the letters' edges, but not beyond the picture", () => {
    expect(grown(box, size)).toEqual({ top: 90, left: 190, bottom: 160, right: 410 });
    expect(grown({ top: 0, left: 0, bottom: 1000, right: 800 }, size)).toEqual({
      top: 0,
      left: 0,
      bottom: 1000,
      right: 800,
    });
  });

  it("begin in the middle when they are added by keyboard", () => {
    expect(middle(size)).toEqual({ top: 459, left: 300, bottom: 542, right: 500 });
  });
});
