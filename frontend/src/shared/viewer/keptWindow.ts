import type { View, ViewerImage } from "./types";

type Windowed = Pick<View, "center" | "width" | "inverted">;

/** As parts of the picture's range, from its dark to its bright end: other pictures have other pixel values. */
interface Kept {
  center: number;
  width: number;
  inverted: boolean;
}

/** The reader's choice to carry the window over to the next picture; everything else begins anew with each. */
export class WindowKeeper {
  private on = false;
  private kept: Kept | null = null;
  private readonly listeners = new Set<() => void>();

  isOn = (): boolean => this.on;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  toggle(image: ViewerImage, view: Windowed): void {
    this.on = !this.on;
    this.kept = null;
    this.note(image, view);
    this.listeners.forEach((listener) => listener());
  }

  note(image: ViewerImage, { center, width, inverted }: Windowed): void {
    if (!this.on) return;
    const range = image.high - image.low || 1;
    const up = (center - image.low) / range;
    this.kept = { center: image.inverted ? 1 - up : up, width: width / range, inverted };
  }

  applied(image: ViewerImage, view: View): View {
    if (!this.on || !this.kept) return view;
    const { center, width, inverted } = this.kept;
    const range = image.high - image.low || 1;
    const up = image.inverted ? 1 - center : center;
    return { ...view, center: image.low + up * range, width: Math.max(1, width * range), inverted };
  }
}

export const keptWindow = new WindowKeeper();
