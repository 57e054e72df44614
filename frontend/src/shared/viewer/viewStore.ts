import { initialView } from "./geometry";
import type { View, ViewerImage } from "./types";

/** The view of one picture, outside React: a drag changes it sixty times a second. */
export class ViewStore {
  private view: View;
  private readonly listeners = new Set<() => void>();

  constructor(readonly image: ViewerImage) {
    this.view = initialView(image);
  }

  get = (): View => this.view;

  set = (change: Partial<View> | ((view: View) => View)): void => {
    this.view = typeof change === "function" ? change(this.view) : { ...this.view, ...change };
    this.listeners.forEach((listener) => listener());
  };

  reset = (): void => this.set(initialView(this.image));

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
