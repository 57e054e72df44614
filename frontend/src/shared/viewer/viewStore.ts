import { apply, initialView, inverse, toScreen } from "./geometry";
import { keptWindow } from "./keptWindow";
import type { Point, Size, View, ViewerImage } from "./types";

/** The view of one picture, outside React: a drag changes it sixty times a second. */
export class ViewStore {
  /** Where the picture is drawn, in CSS pixels. */
  screen: Size = { width: 0, height: 0 };
  private view: View;
  private readonly listeners = new Set<() => void>();

  constructor(readonly image: ViewerImage) {
    this.view = keptWindow.applied(image, initialView(image));
  }

  get = (): View => this.view;

  set = (change: Partial<View> | ((view: View) => View)): void => {
    this.view = typeof change === "function" ? change(this.view) : { ...this.view, ...change };
    keptWindow.note(this.image, this.view);
    this.listeners.forEach((listener) => listener());
  };

  toImage = (at: Point): Point => apply(inverse(toScreen(this.image, this.view, this.screen)), at);

  reset = (): void => this.set(initialView(this.image));

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
