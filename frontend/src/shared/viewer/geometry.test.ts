import { describe, expect, it } from "vitest";
import { apply, initialView, inverse, mirrored, toScreen, turned, zoomed } from "./geometry";
import { lengthOf } from "./measure";
import { pyramid, resample } from "./resample";
import type { View, ViewerImage } from "./types";
import { OUTSIDE } from "./window";

const image: ViewerImage = {
  rows: 300,
  columns: 200,
  window_center: 2048,
  window_width: 4096,
  low: 0,
  high: 4095,
  inverted: false,
  pixel_spacing_row_mm: 0.1,
  pixel_spacing_column_mm: 0.1,
  spacing_kind: "calibrated",
};
const screen = { width: 600, height: 600 };
const near = (value: { x: number; y: number }) => ({ x: Math.round(value.x * 1e6) / 1e6, y: Math.round(value.y * 1e6) / 1e6 });

describe("geometry", () => {
  it("fits the whole picture into the middle of the screen", () => {
    const matrix = toScreen(image, initialView(image), screen);
    expect(near(apply(matrix, { x: 0, y: 0 }))).toEqual({ x: 100, y: 0 });
    expect(near(apply(matrix, { x: 200, y: 300 }))).toEqual({ x: 500, y: 600 });
  });

  it("keeps what lies under the pointer there while zooming", () => {
    const at = { x: 120, y: -80 };
    const place = { x: screen.width / 2 + at.x, y: screen.height / 2 + at.y };
    const before = apply(inverse(toScreen(image, initialView(image), screen)), place);
    const after = apply(inverse(toScreen(image, zoomed(initialView(image), 3, at), screen)), place);
    expect(near(after)).toEqual(near(before));
  });

  it("brings the upper left corner to the upper right by a quarter turn", () => {
    const corner = apply(toScreen(image, turned(initialView(image), 90), screen), { x: 0, y: 0 });
    expect(near(corner)).toEqual({ x: 600, y: 100 });
  });

  it("flips left and right of the screen, turned or not", () => {
    for (const view of [initialView(image), turned(initialView(image), 90)] as View[]) {
      const before = apply(toScreen(image, view, screen), { x: 20, y: 30 });
      const after = apply(toScreen(image, mirrored(view), screen), { x: 20, y: 30 });
      expect(near(after)).toEqual(near({ x: screen.width - before.x, y: before.y }));
    }
  });

  it("gives pixels that are not square their true shape", () => {
    const tall = { ...image, pixel_spacing_row_mm: 0.2 };
    const matrix = toScreen(tall, initialView(tall), screen);
    expect(matrix.d / matrix.a).toBeCloseTo(2, 12);
  });
});

describe("length", () => {
  it("is in millimetres by the spacing of rows and columns", () => {
    const uneven = { ...image, pixel_spacing_row_mm: 0.2 };
    expect(lengthOf(uneven, { x: 10, y: 10 }, { x: 40, y: 30 })).toEqual({ value: 5, kind: "calibrated" });
  });

  it("says how far it can be trusted", () => {
    const kinds = ["calibrated", "estimated", "at_detector", "none", "something new"].map(
      (spacing_kind) => lengthOf({ ...image, spacing_kind }, { x: 0, y: 0 }, { x: 1, y: 0 }).kind,
    );
    expect(kinds).toEqual(["calibrated", "estimated", "at_detector", "uncalibrated", "uncalibrated"]);
  });

  it("is in pixels when no spacing is known", () => {
    const bare = { ...image, pixel_spacing_row_mm: null, pixel_spacing_column_mm: null, spacing_kind: "none" };
    expect(lengthOf(bare, { x: 0, y: 0 }, { x: 30, y: 40 })).toEqual({ value: 50, kind: "uncalibrated" });
  });
});

describe("resampling", () => {
  const stored = Uint16Array.from({ length: 12 }, (_, index) => index * 1000);
  const identity = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

  it("gives the stored values back, untouched, at one pixel for one", () => {
    const out = new Uint32Array(12);
    resample([{ width: 4, height: 3, data: stored }], identity, 4, 3, out);
    expect([...out]).toEqual([...stored]);
  });

  it("marks what lies outside the picture", () => {
    const out = new Uint32Array(4);
    resample([{ width: 4, height: 3, data: stored }], { ...identity, e: -2 }, 4, 1, out);
    expect([...out]).toEqual([OUTSIDE, OUTSIDE, 0, 1000]);
  });

  it("averages where the screen has fewer pixels than the picture", () => {
    const levels = pyramid(4, 2, Uint16Array.of(0, 100, 200, 300, 100, 200, 300, 400), 1);
    const out = new Uint32Array(2);
    resample(levels, { a: 2, b: 0, c: 0, d: 2, e: 0, f: 0 }, 2, 1, out);
    expect([...out]).toEqual([100, 300]);
  });
});
