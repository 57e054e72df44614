import { pixelAspect } from "./geometry";
import type { Point, ViewerImage } from "./types";

export type LengthKind = "calibrated" | "estimated" | "at_detector" | "uncalibrated";

export interface Length {
  /** In millimetres; in pixels when nothing is known of the spacing. */
  value: number;
  kind: LengthKind;
}

/** The length of a line in the picture's coordinates, and how far the number can be trusted. */
export function lengthOf(image: ViewerImage, from: Point, to: Point): Length {
  const { pixel_spacing_row_mm: row, pixel_spacing_column_mm: column, spacing_kind: kind } = image;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (row === null || column === null) return { value: Math.hypot(dx, dy), kind: "uncalibrated" };
  const known = kind === "calibrated" || kind === "estimated" || kind === "at_detector";
  return { value: Math.hypot(dx * column, dy * row), kind: known ? kind : "uncalibrated" };
}

/** The angle at `vertex` in degrees, 0 to 180. Magnification does not change it; pixels that are no squares would. */
export function angleOf(image: ViewerImage, from: Point, vertex: Point, to: Point): number {
  const tall = pixelAspect(image);
  const [ax, ay] = [from.x - vertex.x, (from.y - vertex.y) * tall];
  const [bx, by] = [to.x - vertex.x, (to.y - vertex.y) * tall];
  return (Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by)) * 180) / Math.PI;
}
