import { describe, expect, it } from "vitest";
import { initialView } from "./geometry";
import { WindowKeeper } from "./keptWindow";
import { angleOf } from "./measure";
import { autoWindow, presetWindow } from "./presets";
import type { ViewerImage } from "./types";
import { grey } from "./window";

const image: ViewerImage = {
  rows: 400, columns: 400, window_center: 2000, window_width: 2000, low: 0, high: 4000, inverted: false,
  pixel_spacing_row_mm: null, pixel_spacing_column_mm: null, spacing_kind: "unknown",
}; // prettier-ignore
const negative = { ...image, inverted: true };

describe("windows by one key", () => {
  it("tells metal from bone: what is white in the bone's window has greys in the metal's", () => {
    const bone = { ...initialView(image), ...presetWindow("bone", image) };
    const metal = { ...initialView(image), ...presetWindow("metal", image) };
    expect([grey(3200, image, bone), grey(3900, image, bone)]).toEqual([1, 1]);
    expect(grey(3900, image, metal)).toBeGreaterThan(grey(3200, image, metal) + 0.2);
    expect(grey(1800, image, bone)).toBeGreaterThan(grey(1800, image, metal) + 0.2);
  });

  it("shows a negative picture as it shows the positive one", () => {
    for (const preset of ["default", "bone", "metal"] as const) {
      const positive = { ...initialView(image), ...presetWindow(preset, image) };
      const mirrored = { ...initialView(negative), ...presetWindow(preset, negative) };
      for (const pixel of [900, 2100, 3300]) {
        expect(grey(4000 - pixel, negative, mirrored)).toBeCloseTo(grey(pixel, image, positive), 2);
      }
    }
  });

  it("spreads what is seen, and only that, over all greys", () => {
    const data = new Uint16Array(400 * 400);
    for (let at = 0; at < data.length; at += 1) data[at] = at % 400 < 200 ? 1000 + (at % 100) : 30_000;
    const levels = [{ width: 400, height: 400, data }];
    const screen = { width: 400, height: 400 };
    const whole = autoWindow(image, initialView(image), screen, levels);
    expect(whole.width).toBeGreaterThan(28_000);
    // Twice as large and moved right: the left half alone is on the screen.
    const left = autoWindow(image, { ...initialView(image), zoom: 2, panX: 200 }, screen, levels);
    expect([left.center - left.width / 2, left.center + left.width / 2]).toEqual([1001, 1099]);
  });
});

describe("the window that is kept", () => {
  it("is left alone until the reader wants it kept", () => {
    const keeper = new WindowKeeper();
    const view = { ...initialView(image), center: 500 };
    keeper.note(image, view);
    expect(keeper.applied(image, initialView(image))).toEqual(initialView(image));
    keeper.toggle(image, view);
    expect(keeper.applied(image, initialView(image)).center).toBe(500);
    keeper.toggle(image, view);
    expect(keeper.applied(image, initialView(image))).toEqual(initialView(image));
  });

  it("means the same brightness in a picture of another depth or polarity", () => {
    const keeper = new WindowKeeper();
    const view = { ...initialView(image), center: 1000, width: 800 };
    keeper.toggle(image, view);
    const eight = { ...negative, low: 0, high: 250 };
    const there = keeper.applied(eight, initialView(eight));
    for (const part of [0.2, 0.25, 0.3]) {
      expect(grey(250 * (1 - part), eight, there)).toBeCloseTo(grey(4000 * part, image, view), 1);
    }
  });
});

it("measures an angle in millimetres and not in pixels", () => {
  const tall = { ...image, pixel_spacing_row_mm: 0.2, pixel_spacing_column_mm: 0.1 };
  const [from, vertex, to] = [{ x: 10, y: 0 }, { x: 0, y: 0 }, { x: 10, y: 10 }];
  expect(angleOf(image, from, vertex, to)).toBeCloseTo(45, 9);
  expect(angleOf(tall, from, vertex, to)).toBeCloseTo((Math.atan(2) * 180) / Math.PI, 9);
});
