import { apply, inverse, toScreen } from "./geometry";
import type { Level, Levels, Size, View, ViewerImage } from "./types";

export type Preset = "default" | "bone" | "metal";
type Window = Pick<View, "center" | "width">;

/** From the dark (0) to the bright end (1) of the window that the picture came with. */
const PARTS: Record<Preset, [number, number]> = { default: [0, 1], bone: [0.25, 0.9], metal: [0.65, 1] };
/** What lies outside is a marker, an edge or noise. */
const CUT = 0.01;

/** A window for soft and cortical bone, or for what lies at and within the metal, out of the picture's own. */
export function presetWindow(preset: Preset, image: ViewerImage): Window {
  const { window_center: center, window_width: width } = image;
  if (preset === "default") return { center, width };
  const [dark, bright] = image.inverted ? [center + width / 2, center - width / 2] : [center - width / 2, center + width / 2];
  const [from, to] = PARTS[preset].map((part) => dark + part * (bright - dark)) as [number, number];
  // Metal lies at the very end of the range, beyond the window too.
  const brightest = image.inverted ? Math.min(to, image.low) : Math.max(to, image.high);
  return between(from, preset === "metal" ? brightest : to);
}

function between(from: number, to: number): Window {
  return { center: (from + to) / 2, width: Math.max(1, Math.abs(to - from)) };
}

/** The window that spreads what is seen now over all greys. */
export function autoWindow(image: ViewerImage, view: View, screen: Size, levels: Levels): Window {
  const level = levels.findLast(({ width }) => width >= 400) ?? levels[0];
  if (!level || screen.width === 0) return presetWindow("default", image);
  const back = inverse(toScreen(image, view, screen));
  const corners = [
    { x: 0, y: 0 },
    { x: screen.width, y: 0 },
    { x: 0, y: screen.height },
    { x: screen.width, y: screen.height },
  ].map((corner) => apply(back, corner));
  const seen = (values: number[], most: number) =>
    [Math.min(...values), Math.max(...values)].map((value) => Math.min(1, Math.max(0, value / most))) as [number, number];
  const [low, high] = percentiles(
    level,
    seen(corners.map(({ x }) => x), image.columns),
    seen(corners.map(({ y }) => y), image.rows),
  );
  return between(low, high);
}

function percentiles(level: Level, across: [number, number], down: [number, number]): [number, number] {
  const counts = new Uint32Array(65_536);
  const [left, right] = across.map((part) => Math.round(part * level.width)) as [number, number];
  const [top, bottom] = down.map((part) => Math.round(part * level.height)) as [number, number];
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) counts[level.data[row * level.width + column]!]! += 1;
  }
  const total = (right - left) * (bottom - top);
  return [reached(counts, CUT * total), reached(counts, (1 - CUT) * total)];
}

/** The lowest value up to which more than `wanted` pixels lie. */
function reached(counts: Uint32Array, wanted: number): number {
  let sum = 0;
  for (let value = 0; value < counts.length; value += 1) {
    sum += counts[value]!;
    if (sum > wanted) return value;
  }
  return counts.length - 1;
}
