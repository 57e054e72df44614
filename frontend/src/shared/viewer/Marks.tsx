import { useSyncExternalStore } from "react";
import { number, t } from "@/shared/messages";
import { apply, toScreen } from "./geometry";
import { lengthOf, type LengthMark } from "./length";
import type { Size } from "./types";
import type { ViewStore } from "./viewStore";
import classes from "./viewer.module.css";

interface MarksProps {
  store: ViewStore;
  screen: Size;
  marks: readonly LengthMark[];
  chosen: number | null;
  /** Handles take the pointer only where marks are made; elsewhere a drag passes through. */
  editable: boolean;
  onGrab: (mark: LengthMark, end: "from" | "to", event: React.PointerEvent) => void;
}

/** Lines with their lengths, over the picture and in its coordinates. */
export function Marks({ store, screen, marks, chosen, editable, onGrab }: MarksProps) {
  const view = useSyncExternalStore(store.subscribe, store.get);
  if (screen.width === 0) return null;
  const matrix = toScreen(store.image, view, screen);
  return (
    <svg className={classes.marks} width={screen.width} height={screen.height} aria-hidden={marks.length === 0}>
      {marks.map((mark) => {
        const [from, to] = [apply(matrix, mark.from), apply(matrix, mark.to)];
        const { value, kind } = lengthOf(store.image, mark.from, mark.to);
        const unit = store.image.pixel_spacing_row_mm === null ? "px" : "mm";
        const text = `${t(`viewer.length_${unit}`, { length: number(value, unit === "mm" ? 2 : 0) })} ${t(`viewer.${kind}`)}`;
        return (
          <g key={mark.id} className={mark.id === chosen ? classes.chosenMark : classes.mark}>
            <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} className={classes.halo} />
            <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
            {(["from", "to"] as const).map((end) => {
              const point = end === "from" ? from : to;
              return (
                <circle
                  key={end}
                  cx={point.x}
                  cy={point.y}
                  r={5}
                  className={editable ? classes.handle : undefined}
                  onPointerDown={(event) => editable && onGrab(mark, end, event)}
                />
              );
            })}
            <text x={Math.max(from.x, to.x) + 10} y={(from.x > to.x ? from.y : to.y) + 4}>
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
