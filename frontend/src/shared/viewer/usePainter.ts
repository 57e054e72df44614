import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { Painter } from "./painter";
import type { Levels, Point, Size } from "./types";
import type { ViewStore } from "./viewStore";

const REST_MILLISECONDS = 140;

interface PainterProps {
  store: ViewStore;
  canvas: RefObject<HTMLCanvasElement | null>;
  lens: RefObject<HTMLCanvasElement | null>;
  preview: ImageBitmap | null;
  levels: Levels | null;
}

/**
 * Keeps the canvas true to the view: at most one drawing a frame, in full sharpness when nothing moves.
 * An exception while drawing is told and does not stop the viewer.
 */
export function usePainter({ store, canvas, lens, preview, levels }: PainterProps) {
  const painter = useRef<Painter | null>(null);
  const frame = useRef(0);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pointer = useRef<Point | null>(null);
  const [screen, setScreen] = useState<Size>({ width: 0, height: 0 });
  const [failed, setFailed] = useState(false);

  const draw = useCallback(() => {
    frame.current = 0;
    const [drawing, element] = [painter.current, canvas.current];
    if (!drawing || !element) return;
    try {
      drawing.draw(store.get());
      if (pointer.current && lens.current) drawing.drawMagnifier(lens.current, store.get(), pointer.current);
      element.dataset.shown = drawing.levels ? "full_depth" : drawing.preview ? "preview" : "nothing";
      setFailed(false);
    } catch (error) {
      console.error(error);
      setFailed(true);
    }
  }, [store, canvas, lens]);

  const schedule = useCallback(() => {
    if (!frame.current) frame.current = requestAnimationFrame(draw);
  }, [draw]);

  useLayoutEffect(() => {
    const element = canvas.current;
    const frameElement = element?.parentElement;
    if (!element || !frameElement) return undefined;
    painter.current = new Painter(element, store.image);
    painter.current.ratio = window.devicePixelRatio;
    const measure = () => {
      const size = { width: frameElement.clientWidth, height: frameElement.clientHeight };
      if (painter.current) painter.current.screen = size;
      store.screen = size;
      setScreen(size);
      schedule();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(frameElement);
    const stop = store.subscribe(() => {
      if (painter.current && window.devicePixelRatio > 1) {
        painter.current.ratio = 1;
        clearTimeout(rest.current);
        rest.current = setTimeout(() => {
          if (painter.current) painter.current.ratio = window.devicePixelRatio;
          schedule();
        }, REST_MILLISECONDS);
      }
      schedule();
    });
    return () => {
      observer.disconnect();
      stop();
      clearTimeout(rest.current);
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [store, canvas, schedule]);

  useLayoutEffect(() => {
    if (!painter.current) return;
    painter.current.preview = preview;
    painter.current.levels = levels;
    // A picture that was fetched ahead is drawn before the browser shows anything of its case.
    draw();
  }, [preview, levels, draw]);

  const magnifyAt = useCallback(
    (at: Point | null) => {
      pointer.current = at;
      schedule();
    },
    [schedule],
  );
  return { screen, failed, magnifyAt };
}
