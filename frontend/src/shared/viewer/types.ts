/** How the stored pixels of a radiograph are shown; what the API's `image` says. */
export interface ViewerImage {
  rows: number;
  columns: number;
  /** In pixel values. */
  window_center: number;
  window_width: number;
  /** The range of pixels that carry the picture. */
  low: number;
  high: number;
  inverted: boolean;
  pixel_spacing_row_mm: number | null;
  pixel_spacing_column_mm: number | null;
  spacing_kind: string;
  /** LINEAR, LINEAR_EXACT or SIGMOID (PS3.3 C.11.2.1). */
  function?: string;
}

/** One resolution of the picture, row by row. */
export interface Level {
  width: number;
  height: number;
  data: Uint16Array;
}

/** The full depth: the picture itself, then halves of it for showing it small. */
export type Levels = readonly Level[];

export type Rotation = 0 | 90 | 180 | 270;

/** What the person has made of the picture. Nothing of it carries over to another one. */
export interface View {
  /** 1 fits the whole picture into the window. */
  zoom: number;
  /** Shift on the screen, in CSS pixels. */
  panX: number;
  panY: number;
  rotation: Rotation;
  flipped: boolean;
  /** In pixel values. */
  center: number;
  width: number;
  /** On top of what the picture itself asks for. */
  inverted: boolean;
}

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}
