import { mirrored, turned, zoomed } from "./geometry";
import type { FindingKind, MarkKind } from "./markStore";
import { type Preset, presetWindow } from "./presets";
import type { View, ViewerImage } from "./types";
import { draggedWindow } from "./window";

/** What a drag with the left button does. */
export type Tool = "window" | "pan" | "magnifier" | MarkKind;

/** What is known only where the picture and its marks are. */
export type StageAction = "auto" | "undo" | "keep_window";

export type Action =
  | StageAction
  | Preset
  | "invert"
  | "rotate_right"
  | "rotate_left"
  | "flip"
  | "zoom_in"
  | "zoom_out"
  | "fit"
  | "reset"
  | "wider"
  | "narrower"
  | "brighter"
  | "darker"
  | "pan_left"
  | "pan_right"
  | "pan_up"
  | "pan_down";

const STEP = 60;
const WINDOW_STEP = 25;

/** What a key or a button makes of the view. */
export function acted(action: Exclude<Action, StageAction>, view: View, image: ViewerImage, initial: View): View {
  const windowed = (dx: number, dy: number): View => ({ ...view, ...draggedWindow(image, view, dx, dy) });
  switch (action) {
    case "default":
    case "bone":
    case "metal":
      return { ...view, ...presetWindow(action, image) };
    case "invert":
      return { ...view, inverted: !view.inverted };
    case "rotate_right":
      return turned(view, 90);
    case "rotate_left":
      return turned(view, -90);
    case "flip":
      return mirrored(view);
    case "zoom_in":
      return zoomed(view, 1.25);
    case "zoom_out":
      return zoomed(view, 1 / 1.25);
    case "fit":
      return { ...view, zoom: 1, panX: 0, panY: 0 };
    case "reset":
      return initial;
    case "wider":
      return windowed(WINDOW_STEP, 0);
    case "narrower":
      return windowed(-WINDOW_STEP, 0);
    // A lower centre makes the picture brighter.
    case "brighter":
      return windowed(0, -WINDOW_STEP);
    case "darker":
      return windowed(0, WINDOW_STEP);
    case "pan_left":
      return { ...view, panX: view.panX + STEP };
    case "pan_right":
      return { ...view, panX: view.panX - STEP };
    case "pan_up":
      return { ...view, panY: view.panY + STEP };
    case "pan_down":
      return { ...view, panY: view.panY - STEP };
  }
}

/** Keys of the viewer, as `event.key` gives them, with "shift+" and "ctrl+" before those that are held. */
const ACTION_KEYS: Record<string, Action> = {
  i: "invert",
  r: "rotate_right",
  "shift+r": "rotate_left",
  f: "flip",
  "+": "zoom_in",
  "=": "zoom_in",
  "shift++": "zoom_in",
  "-": "zoom_out",
  v: "fit",
  home: "reset",
  x: "reset",
  d: "default",
  t: "bone",
  e: "metal",
  u: "auto",
  k: "keep_window",
  "ctrl+z": "undo",
  "shift+arrowright": "wider",
  "shift+arrowleft": "narrower",
  "shift+arrowup": "brighter",
  "shift+arrowdown": "darker",
  "ctrl+arrowright": "pan_right",
  "ctrl+arrowleft": "pan_left",
  "ctrl+arrowup": "pan_up",
  "ctrl+arrowdown": "pan_down",
};

const TOOL_KEYS: Record<string, Tool> = { b: "window", p: "pan", m: "length", a: "angle", g: "magnifier" };
const FINDING_KEYS: Record<string, FindingKind> = { j: "point", l: "line", o: "outline" };

export function keyOf(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey">): string {
  const key = event.key.toLowerCase();
  return `${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.shiftKey ? "shift+" : ""}${key}`;
}

export const actionOf = (key: string): Action | undefined => ACTION_KEYS[key];
export const toolOf = (key: string, takesFindings: boolean): Tool | undefined =>
  TOOL_KEYS[key] ?? (takesFindings ? FINDING_KEYS[key] : undefined);

export const isMarkTool = (tool: Tool): tool is MarkKind => !["window", "pan", "magnifier"].includes(tool);

/** Whether keys belong to what has the focus, such as a text that is being written. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
