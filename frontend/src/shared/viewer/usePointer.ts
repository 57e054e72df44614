import { type RefObject, useEffect, useRef } from "react";
import { zoomed } from "./geometry";
import type { LengthMark } from "./length";
import type { Tool } from "./tools";
import type { Point } from "./types";
import type { useMarks } from "./useMarks";
import type { ViewStore } from "./viewStore";
import { draggedWindow } from "./window";

type Dragged =
  | { kind: "window" | "pan" | "zoom" | "nothing" }
  | { kind: "length"; mark: number; end: "from" | "to"; started: Point };

interface PointerProps {
  stage: RefObject<HTMLElement | null>;
  store: ViewStore;
  tool: Tool;
  marks: ReturnType<typeof useMarks>;
  toImage: (at: Point) => Point;
  magnifyAt: (at: Point | null) => void;
}

/** A line shorter than this on the screen was a click and no measurement. */
const LEAST_LINE = 4;

function placeOn(stage: HTMLElement, event: { clientX: number; clientY: number }): Point {
  const box = stage.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** Mouse, pen and fingers. Left is the tool, right zooms, the middle button moves; two fingers move and zoom. */
export function usePointer({ stage, store, tool, marks, toImage, magnifyAt }: PointerProps) {
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

  const begin = (button: number, at: Point): Dragged => {
    if (button === 1) return { kind: "pan" };
    if (button === 2) return { kind: "zoom" };
    if (tool === "length") return { kind: "length", mark: marks.begin(toImage(at)), end: "to", started: at };
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
    } else if (now.kind === "length") {
      marks.move(now.mark, now.end, toImage(at));
    }
  };

  return {
    grab(mark: LengthMark, end: "from" | "to", event: React.PointerEvent) {
      if (!stage.current) return;
      event.stopPropagation();
      const at = placeOn(stage.current, event);
      stage.current.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, at);
      marks.remember();
      marks.choose(mark.id);
      dragged.current = { kind: "length", mark: mark.id, end, started: { x: -LEAST_LINE, y: -LEAST_LINE } };
    },
    onPointerDown(event: React.PointerEvent) {
      if (!stage.current) return;
      const at = placeOn(stage.current, event);
      stage.current.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, at);
      dragged.current = pointers.current.size > 1 ? { kind: "nothing" } : begin(event.button, at);
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
      const now = dragged.current;
      if (now.kind === "length" && stage.current) {
        const at = placeOn(stage.current, event);
        if (Math.hypot(at.x - now.started.x, at.y - now.started.y) < LEAST_LINE) marks.remove(now.mark);
      }
      pointers.current.delete(event.pointerId);
      dragged.current = { kind: "nothing" };
    },
    onPointerLeave() {
      magnifyAt(null);
    },
  };
}
