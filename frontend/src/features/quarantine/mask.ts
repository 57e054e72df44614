/** Rectangles in pixels of the whole image; bottom and right lie outside. */
export interface Box {
  top: number;
  left: number;
  bottom: number;
  right: number;
}
export interface Size {
  rows: number;
  columns: number;
}
export interface Place {
  x: number;
  y: number;
}

/** Smaller ones are clicks that missed. */
const LEAST = 8;

const within = (value: number, low: number, high: number) => Math.min(Math.max(Math.round(value), low), high);

/** The rectangle between two corners, or null when it is too small to have been meant. */
export function between(one: Place, other: Place, size: Size): Box | null {
  const xs = [one.x, other.x].map((x) => within(x, 0, size.columns));
  const ys = [one.y, other.y].map((y) => within(y, 0, size.rows));
  const box = { top: Math.min(...ys), left: Math.min(...xs), bottom: Math.max(...ys), right: Math.max(...xs) };
  return box.right - box.left < LEAST || box.bottom - box.top < LEAST ? null : box;
}

/** Moved as far as the picture goes; its size stays. */
export function moved(box: Box, dx: number, dy: number, size: Size): Box {
  const height = box.bottom - box.top;
  const width = box.right - box.left;
  const top = within(box.top + dy, 0, size.rows - height);
  const left = within(box.left + dx, 0, size.columns - width);
  return { top, left, bottom: top + height, right: left + width };
}

/** Its lower right corner moved; it stays in the picture and never vanishes. */
export function resized(box: Box, dx: number, dy: number, size: Size): Box {
  return {
    ...box,
    bottom: within(box.bottom + dy, box.top + LEAST, size.rows),
    right: within(box.right + dx, box.left + LEAST, size.columns),
  };
}

/** Wider by a margin on all sides, so that no edge of a letter looks out. */
export function grown(box: Box, size: Size): Box {
  const margin = Math.round((box.bottom - box.top) * 0.2);
  return {
    top: within(box.top - margin, 0, size.rows),
    left: within(box.left - margin, 0, size.columns),
    bottom: within(box.bottom + margin, 0, size.rows),
    right: within(box.right + margin, 0, size.columns),
  };
}

/** A rectangle in the middle, for those who work without a mouse. */
export function middle({ rows, columns }: Size): Box {
  const [height, width] = [Math.round(rows / 12), Math.round(columns / 4)];
  const top = Math.round((rows - height) / 2);
  const left = Math.round((columns - width) / 2);
  return { top, left, bottom: top + height, right: left + width };
}
