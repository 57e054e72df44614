import { describe, expect, it } from "vitest";
import { draggedWindow, grey, greyTable, OUTSIDE } from "./window";

const plain = { inverted: false };
const level = (colour: number | undefined) => (colour ?? 0) & 255;

describe("window and level", () => {
  it("follows the linear function of PS3.3 C.11.2.1.2 to the level", () => {
    const table = greyTable(plain, { center: 2048, width: 4096, inverted: false });
    expect([0, 1024, 2048, 4095, 65535].map((pixel) => level(table[pixel]))).toEqual([0, 63, 127, 255, 255]);
  });

  it("shows an 8-bit picture under 128 / 256 exactly as it is stored", () => {
    const table = greyTable(plain, { center: 128, width: 256, inverted: false });
    expect(Array.from({ length: 256 }, (_, pixel) => level(table[pixel]))).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it("inverts once: what the file asks for and what the reader asks for cancel out", () => {
    const view = { center: 500, width: 1000, inverted: false };
    const both = grey(200, { inverted: true }, { ...view, inverted: true });
    expect(both).toBe(grey(200, plain, view));
    expect(grey(200, { inverted: true }, view)).toBeCloseTo(1 - grey(200, plain, view), 12);
  });

  it("is a threshold at a width of one", () => {
    const view = { center: 100, width: 1, inverted: false };
    expect([grey(99, plain, view), grey(100, plain, view)]).toEqual([0, 1]);
  });

  it("is opaque and black outside the picture, inverted or not", () => {
    const table = greyTable({ inverted: true }, { center: 500, width: 1000, inverted: false });
    expect(table[OUTSIDE]).toBe(0xff000000);
    expect(table[0]).toBe(0xffffffff);
  });

  it("gets brighter when dragged up, in either polarity", () => {
    const range = { low: 0, high: 4000 };
    for (const inverted of [false, true]) {
      const image = { ...range, inverted };
      const view = { center: 2000, width: 4000, inverted: false };
      const after = { ...view, ...draggedWindow(image, view, 0, -50) };
      expect(grey(2000, image, after)).toBeGreaterThan(grey(2000, image, view));
    }
  });

  it("never becomes narrower than one", () => {
    const view = { center: 2000, width: 10, inverted: false };
    expect(draggedWindow({ low: 0, high: 4000, inverted: false }, view, -5000, 0).width).toBe(1);
  });
});
