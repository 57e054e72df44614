import type { Matrix } from "./geometry";
import type { Level, Levels } from "./types";
import { OUTSIDE } from "./window";

/** The coarsest resolution that still has a pixel for every one of the screen. */
export function levelFor(levels: Levels, step: number): { level: Level; factor: number } {
  const index = Math.min(levels.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(step, 1)))));
  const level = levels[index];
  if (!level) throw new Error("a picture has at least one resolution");
  return { level, factor: 2 ** -index };
}

/**
 * The stored values at every pixel of the screen, by bilinear interpolation; OUTSIDE where there is no picture.
 * `toImage` leads from the screen's coordinates to those of the full picture. Window and level are not touched:
 * the same result serves every window.
 */
export function resample(levels: Levels, toImage: Matrix, width: number, height: number, out: Uint32Array): void {
  const { level, factor } = levelFor(levels, Math.hypot(toImage.a, toImage.b));
  const { data, width: columns, height: rows } = level;
  const [a, b] = [toImage.a * factor, toImage.b * factor];
  const [c, d] = [toImage.c * factor, toImage.d * factor];
  const [right, bottom] = [columns - 1, rows - 1];
  for (let y = 0; y < height; y += 1) {
    let u = a * 0.5 + c * (y + 0.5) + toImage.e * factor - 0.5;
    let v = b * 0.5 + d * (y + 0.5) + toImage.f * factor - 0.5;
    let at = y * width;
    for (let x = 0; x < width; x += 1, u += a, v += b, at += 1) {
      if (u < -0.5 || v < -0.5 || u >= columns - 0.5 || v >= rows - 0.5) {
        out[at] = OUTSIDE;
        continue;
      }
      const cu = u < 0 ? 0 : u > right ? right : u;
      const cv = v < 0 ? 0 : v > bottom ? bottom : v;
      const x0 = cu | 0;
      const y0 = cv | 0;
      const fx = cu - x0;
      const fy = cv - y0;
      const top = y0 * columns + x0;
      const across = x0 < right ? 1 : 0;
      const below = top + (y0 < bottom ? columns : 0);
      const upper = data[top]! + (data[top + across]! - data[top]!) * fx;
      const lower = data[below]! + (data[below + across]! - data[below]!) * fx;
      out[at] = upper + (lower - upper) * fy + 0.5;
    }
  }
}

/** The picture and its halves by averaging 2 x 2 pixels, until it is small enough for any thumbnail. */
export function pyramid(width: number, height: number, data: Uint16Array, least = 512): Level[] {
  const levels: Level[] = [{ width, height, data }];
  let last = levels[0]!;
  while (Math.min(last.width, last.height) >= 2 * least) {
    last = halved(last);
    levels.push(last);
  }
  return levels;
}

function halved({ width, height, data }: Level): Level {
  const [columns, rows] = [width >> 1, height >> 1];
  const half = new Uint16Array(columns * rows);
  for (let y = 0, at = 0; y < rows; y += 1) {
    let from = 2 * y * width;
    for (let x = 0; x < columns; x += 1, at += 1, from += 2) {
      half[at] = (data[from]! + data[from + 1]! + data[from + width]! + data[from + width + 1]! + 2) >> 2;
    }
  }
  return { width: columns, height: rows, data: half };
}
