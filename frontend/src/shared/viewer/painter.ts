import { inverse, type Matrix, scaled, toScreen } from "./geometry";
import { resample } from "./resample";
import type { Levels, Point, Size, View, ViewerImage } from "./types";
import { greyTable, OUTSIDE } from "./window";

/** Side of the magnifier and how many times it enlarges what is below it, in CSS pixels. */
export const MAGNIFIER = { side: 220, times: 2.5 };

/** Everything that a resampling depends on; the window is not among it. */
function geometryKey(view: View, screen: Size, ratio: number): string {
  const { zoom, panX, panY, rotation, flipped } = view;
  return [zoom, panX, panY, rotation, flipped, screen.width, screen.height, ratio].join(" ");
}

/** A rectangle of stored values, and its picture through a table. */
class Raster {
  private values = new Uint32Array(0);
  private picture: ImageData | null = null;
  private colours = new Uint32Array(0);

  resize(context: CanvasRenderingContext2D, width: number, height: number): void {
    if (this.picture?.width === width && this.picture.height === height) return;
    this.picture = context.createImageData(width, height);
    this.colours = new Uint32Array(this.picture.data.buffer);
    this.values = new Uint32Array(width * height);
  }

  sample(levels: Levels, toImage: Matrix): void {
    if (this.picture) resample(levels, toImage, this.picture.width, this.picture.height, this.values);
  }

  paint(context: CanvasRenderingContext2D, table: Uint32Array): void {
    const { values, colours, picture } = this;
    if (!picture) return;
    for (let at = 0; at < values.length; at += 1) colours[at] = table[values[at]!]!;
    context.putImageData(picture, 0, 0);
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new Error("this browser has no canvas");
  return context;
}

/** Draws one picture on one canvas: the preview at first, every window of the full depth as soon as it is there. */
export class Painter {
  preview: ImageBitmap | null = null;
  levels: Levels | null = null;
  screen: Size = { width: 0, height: 0 };
  /** Canvas pixels for each CSS pixel; 1 while something moves, so that it moves smoothly. */
  ratio = 1;
  private readonly context: CanvasRenderingContext2D;
  private readonly raster = new Raster();
  private readonly lens = new Raster();
  private readonly table = new Uint32Array(OUTSIDE + 1);
  private tableKey = "";
  private sampledKey = "";
  private sampledLevels: Levels | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly image: ViewerImage,
  ) {
    this.context = contextOf(canvas);
  }

  draw(view: View): void {
    const [width, height] = [Math.round(this.screen.width * this.ratio), Math.round(this.screen.height * this.ratio)];
    if (width === 0 || height === 0) return;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.sampledKey = "";
    }
    const matrix = scaled(toScreen(this.image, view, this.screen), this.ratio);
    if (this.levels) this.drawFullDepth(view, matrix, width, height);
    else this.drawPreview(matrix, width, height);
  }

  private drawFullDepth(view: View, matrix: Matrix, width: number, height: number): void {
    const levels = this.levels!;
    const key = geometryKey(view, this.screen, this.ratio);
    this.raster.resize(this.context, width, height);
    if (key !== this.sampledKey || levels !== this.sampledLevels) {
      this.raster.sample(levels, inverse(matrix));
      this.sampledKey = key;
      this.sampledLevels = levels;
    }
    this.raster.paint(this.context, this.tableFor(view));
  }

  private drawPreview(matrix: Matrix, width: number, height: number): void {
    const { context, preview, image } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    if (!preview) return;
    context.imageSmoothingQuality = "high";
    context.setTransform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f);
    context.drawImage(preview, 0, 0, image.columns, image.rows);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  private tableFor(view: View): Uint32Array {
    const key = `${view.center} ${view.width} ${view.inverted}`;
    if (key !== this.tableKey) greyTable(this.image, view, this.table);
    this.tableKey = key;
    return this.table;
  }

  /** Draws what lies around a point of the screen, enlarged, on a canvas of its own. */
  drawMagnifier(canvas: HTMLCanvasElement, view: View, at: Point): void {
    const { side, times } = MAGNIFIER;
    if (!this.levels) return;
    const context = contextOf(canvas);
    const matrix = toScreen(this.image, view, this.screen);
    const lens = scaled(matrix, times);
    lens.e += side / 2 - at.x * times;
    lens.f += side / 2 - at.y * times;
    this.lens.resize(context, side, side);
    this.lens.sample(this.levels, inverse(lens));
    this.lens.paint(context, this.tableFor(view));
  }
}
