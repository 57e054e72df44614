import type { Point, Size, View, ViewerImage } from "./types";

/** x' = a x + c y + e, y' = b x + d y + f */
export interface Matrix {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

export const LEAST_ZOOM = 0.2;
export const MOST_ZOOM = 24;

export function initialView(image: ViewerImage): View {
  return {
    zoom: 1,
    panX: 0,
    panY: 0,
    rotation: 0,
    flipped: false,
    center: image.window_center,
    width: image.window_width,
    inverted: false,
  };
}

/** How many times taller than wide a pixel is. */
export function pixelAspect(image: ViewerImage): number {
  const { pixel_spacing_row_mm: row, pixel_spacing_column_mm: column } = image;
  return row && column ? row / column : 1;
}

/** CSS pixels for one column of the picture when all of it fits. */
export function fitScale(image: ViewerImage, view: Pick<View, "rotation">, screen: Size): number {
  const height = image.rows * pixelAspect(image);
  const lies = view.rotation === 90 || view.rotation === 270;
  const [across, down] = lies ? [height, image.columns] : [image.columns, height];
  return Math.min(screen.width / across, screen.height / down);
}

/** From the picture's coordinates (pixel i covers i to i + 1) to the screen's. */
export function toScreen(image: ViewerImage, view: View, screen: Size): Matrix {
  const scale = fitScale(image, view, screen) * view.zoom;
  const sx = scale * (view.flipped ? -1 : 1);
  const sy = scale * pixelAspect(image);
  const [cos, sin] = { 0: [1, 0], 90: [0, 1], 180: [-1, 0], 270: [0, -1] }[view.rotation] as [number, number];
  const [a, b, c, d] = [cos * sx, sin * sx, -sin * sy, cos * sy];
  const [cx, cy] = [image.columns / 2, image.rows / 2];
  return {
    a,
    b,
    c,
    d,
    e: screen.width / 2 + view.panX - a * cx - c * cy,
    f: screen.height / 2 + view.panY - b * cx - d * cy,
  };
}

export function inverse({ a, b, c, d, e, f }: Matrix): Matrix {
  const determinant = a * d - b * c;
  return {
    a: d / determinant,
    b: -b / determinant,
    c: -c / determinant,
    d: a / determinant,
    e: (c * f - d * e) / determinant,
    f: (b * e - a * f) / determinant,
  };
}

export function apply(matrix: Matrix, { x, y }: Point): Point {
  return { x: matrix.a * x + matrix.c * y + matrix.e, y: matrix.b * x + matrix.d * y + matrix.f };
}

export function scaled(matrix: Matrix, factor: number): Matrix {
  return {
    a: matrix.a * factor,
    b: matrix.b * factor,
    c: matrix.c * factor,
    d: matrix.d * factor,
    e: matrix.e * factor,
    f: matrix.f * factor,
  };
}

/** Zooms so that what lies under `at` (relative to the middle of the screen) stays there. */
export function zoomed(view: View, factor: number, at: Point = { x: 0, y: 0 }): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, view.zoom * factor));
  const by = zoom / view.zoom;
  return { ...view, zoom, panX: at.x - (at.x - view.panX) * by, panY: at.y - (at.y - view.panY) * by };
}

/** What was in the middle of the screen stays there. */
export function turned(view: View, by: 90 | -90): View {
  const rotation = ((view.rotation + by + 360) % 360) as View["rotation"];
  return by === 90
    ? { ...view, rotation, panX: -view.panY, panY: view.panX }
    : { ...view, rotation, panX: view.panY, panY: -view.panX };
}

/** Left and right of the screen change places, whichever way the picture is turned. */
export function mirrored(view: View): View {
  const lies = view.rotation === 90 || view.rotation === 270;
  const rotation = (lies ? (view.rotation + 180) % 360 : view.rotation) as View["rotation"];
  return { ...view, rotation, flipped: !view.flipped, panX: -view.panX };
}
