import { type RefObject, useEffect, useRef } from "react";
import { zoomed } from "./geometry";
import type { Handle } from "./Marks";
import type { Mark, MarkStore } from "./markStore";
import { isMarkTool, type Tool } from "./tools";
import type { Point } from "./types";
import type { ViewStore } from "./viewStore";
import { draggedWindow } from "./window";

type Dragged =
  | { kind: "window" | "pan" | "zoom" | "nothing" }
  | { kind: "mark"; mark: number; handle: Handle | "freehand"; started: Point; isNew: boolean };

interface PointerProps {
  stage: RefObject<HTMLElement | null>;
  store: ViewStore;
  tool: Tool;
  marks: MarkStore;
  magnifyAt: (at: Point | null) => void;
}

/** A line shorter than this on the screen was a click and no measurement. */
const LEAST_LINE = 4;
/** An outline gets a point after so much way on the screen. */
const FREEHAND_STEP = 5;

function placeOn(stage: HTMLElement, event: { clientX: number; clientY: number }): Point {
  const box = stage.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** Mouse, pen and fingers. Left is the tool, right zooms, the middle button moves; two fingers move and zoom. */
export function usePointer({ stage, store, tool, marks, magnifyAt }: PointerProps) {
  const dragged = useRef<Dragged>({ kind: "nothing" });
  const pointers = useRef(new Map<number, Point>());

  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { x, y } = placeOn(element, event);
      const middle = { x: x - element.clientWidth / 2, y: y - element.clientHeight / 2 };
      store.set((view) => zoomed(view, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), middle));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [stage, store]);

  const drawn = (kind: Mark["kind"], at: Point): Dragged => {
    const point = store.toImage(at);
    const open = marks.get().marks.find((mark) => mark.id === marks.get().open && mark.kind === kind);
    if (kind === "angle" && open) {
      // The second arm, from where the first one ends.
      marks.extend(open.id, point);
      return { kind: "mark", mark: open.id, handle: open.points.length, started: at, isNew: false };
    }
    marks.finish();
    const single = kind === "point" || kind === "outline";
    const mark = marks.begin(kind, single ? [point] : [point, point]);
    const handle = kind === "outline" ? "freehand" : single ? 0 : 1;
    return { kind: "mark", mark, handle, started: at, isNew: kind !== "point" };
  };

  const begin = (button: number, at: Point): Dragged => {
    if (button === 1) return { kind: "pan" };
    if (button === 2) return { kind: "zoom" };
    if (isMarkTool(tool)) return drawn(tool, at);
    return { kind: tool === "magnifier" ? "nothing" : tool };
  };

  const pinch = (id: number, at: Point) => {
    const before = [...pointers.current.values()];
    pointers.current.set(id, at);
    const after = [...pointers.current.values()];
    const element = stage.current;
    if (!element || before.length < 2) return;
    const distance = ([a, b]: Point[]) => Math.max(1, Math.hypot(a!.x - b!.x, a!.y - b!.y));
    const middle = ([a, b]: Point[]) => ({ x: (a!.x + b!.x) / 2, y: (a!.y + b!.y) / 2 });
    const [from, to] = [middle(before), middle(after)];
    const centre = { x: to.x - element.clientWidth / 2, y: to.y - element.clientHeight / 2 };
    store.set((view) => {
      const moved = { ...view, panX: view.panX + to.x - from.x, panY: view.panY + to.y - from.y };
      return zoomed(moved, distance(after) / distance(before), centre);
    });
  };

  const drag = (change: Point, at: Point) => {
    const now = dragged.current;
    if (now.kind === "window") {
      store.set((view) => ({ ...view, ...draggedWindow(store.image, view, change.x, change.y) }));
    } else if (now.kind === "pan") {
      store.set((view) => ({ ...view, panX: view.panX + change.x, panY: view.panY + change.y }));
    } else if (now.kind === "zoom") {
      store.set((view) => zoomed(view, Math.exp(-change.y * 0.008)));
    } else if (now.kind === "mark") {
      dragMark(now, change, at);
    }
  };

  const dragMark = (now: Dragged & { kind: "mark" }, change: Point, at: Point) => {
    const to = store.toImage(at);
    if (now.handle === "freehand") {
      if (Math.hypot(at.x - now.started.x, at.y - now.started.y) < FREEHAND_STEP) return;
      now.started = at;
      marks.extend(now.mark, to);
    } else if (now.handle === "whole") {
      const from = store.toImage({ x: at.x - change.x, y: at.y - change.y });
      marks.shift(now.mark, to.x - from.x, to.y - from.y);
    } else marks.move(now.mark, now.handle, to);
  };

  /** A click with a drawing tool makes nothing; neither do two fingers that come down one after the other. */
  const dropUnfinished = (at: Point | null) => {
    const now = dragged.current;
    if (now.kind !== "mark" || !now.isNew) return;
    const mark = marks.get().marks.find(({ id }) => id === now.mark);
    const short = !at || Math.hypot(at.x - now.started.x, at.y - now.started.y) < LEAST_LINE;
    if (now.handle === "freehand" ? !at || (mark?.points.length ?? 0) < 3 : short) marks.cancel();
  };

  return {
    grab(mark: Mark, handle: Handle, event: React.PointerEvent) {
      if (!stage.current) return;
      event.stopPropagation();
      const at = placeOn(stage.current, event);
      stage.current.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, at);
      marks.remember();
      marks.choose(mark.id);
      dragged.current = { kind: "mark", mark: mark.id, handle, started: at, isNew: false };
    },
    onPointerDown(event: React.PointerEvent) {
      if (!stage.current) return;
      const at = placeOn(stage.current, event);
      stage.current.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, at);
      if (pointers.current.size > 1) {
        dropUnfinished(null);
        dragged.current = { kind: "nothing" };
      } else dragged.current = begin(event.button, at);
    },
    onPointerMove(event: React.PointerEvent) {
      if (!stage.current) return;
      const at = placeOn(stage.current, event);
      if (tool === "magnifier") magnifyAt(at);
      const last = pointers.current.get(event.pointerId);
      if (!last) return;
      if (pointers.current.size > 1) {
        pinch(event.pointerId, at);
        return;
      }
      pointers.current.set(event.pointerId, at);
      drag({ x: at.x - last.x, y: at.y - last.y }, at);
    },
    onPointerUp(event: React.PointerEvent) {
      if (stage.current) dropUnfinished(placeOn(stage.current, event));
      pointers.current.delete(event.pointerId);
      dragged.current = { kind: "nothing" };
    },
    onPointerLeave() {
      magnifyAt(null);
    },
  };
}
