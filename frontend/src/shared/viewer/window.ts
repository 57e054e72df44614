import type { View, ViewerImage } from "./types";

/** Index of the table for what lies outside the picture. */
export const OUTSIDE = 65536;

type Windowed = Pick<View, "center" | "width" | "inverted">;

/** The grey value of a pixel from 0 (black) to 1 (white), before it is cut to whole levels; as the server renders it. */
export function grey(pixel: number, image: Pick<ViewerImage, "inverted" | "function">, view: Windowed): number {
  const { center, width } = view;
  let y: number;
  if (image.function === "SIGMOID") y = 1 / (1 + Math.exp((-4 * (pixel - center)) / width));
  else if (image.function === "LINEAR_EXACT") y = (pixel - center) / width + 0.5;
  else if (width > 1) y = (pixel - (center - 0.5)) / (width - 1) + 0.5;
  else y = pixel > center - 0.5 ? 1 : 0;
  y = Math.min(1, Math.max(0, y));
  return image.inverted !== view.inverted ? 1 - y : y;
}

/** For every possible pixel its colour as canvases store it; what is outside the picture is black. */
export function greyTable(
  image: Pick<ViewerImage, "inverted" | "function">,
  view: Windowed,
  table: Uint32Array = new Uint32Array(OUTSIDE + 1),
): Uint32Array {
  for (let pixel = 0; pixel < OUTSIDE; pixel += 1) {
    const level = Math.floor(grey(pixel, image, view) * 255 + 1e-9);
    table[pixel] = (0xff000000 | (level << 16) | (level << 8) | level) >>> 0;
  }
  table[OUTSIDE] = 0xff000000;
  return table;
}

/** The window after a drag: right is wider, up is brighter; a full sweep of the screen crosses the picture's range. */
export function draggedWindow(
  image: Pick<ViewerImage, "low" | "high" | "inverted">,
  view: Windowed,
  dx: number,
  dy: number,
  perPixel = (image.high - image.low) / 1000,
): { center: number; width: number } {
  const brighter = image.inverted !== view.inverted ? -1 : 1;
  const width = Math.max(1, view.width + dx * perPixel);
  const margin = image.high - image.low;
  const center = view.center + brighter * dy * perPixel;
  return { width, center: Math.min(image.high + margin, Math.max(image.low - margin, center)) };
}
