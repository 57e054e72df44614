import { useSyncExternalStore } from "react";
import { number, t } from "@/shared/messages";
import { apply, type Matrix, toScreen } from "./geometry";
import { isFinding, type Mark, type MarkStore } from "./markStore";
import { angleOf, lengthOf } from "./measure";
import type { Point, Size, ViewerImage } from "./types";
import type { ViewStore } from "./viewStore";
import classes from "./viewer.module.css";

/** A point of a mark, or all of it. */
export type Handle = number | "whole";

interface MarksProps {
  store: ViewStore;
  marks: MarkStore;
  screen: Size;
  /** Handles take the pointer only where marks are made; elsewhere a drag passes through. */
  editable: boolean;
  onGrab: (mark: Mark, handle: Handle, event: React.PointerEvent) => void;
}

/** Measurements and findings, over the picture and in its coordinates. */
export function Marks({ store, marks: markStore, screen, editable, onGrab }: MarksProps) {
  const view = useSyncExternalStore(store.subscribe, store.get);
  const { marks, chosen, zone } = useSyncExternalStore(markStore.subscribe, markStore.get);
  if (screen.width === 0) return null;
  const matrix = toScreen(store.image, view, screen);
  return (
    <svg className={classes.marks} width={screen.width} height={screen.height} aria-hidden={marks.length === 0}>
      {marks.map((mark) => (
        <Drawn
          key={mark.id}
          mark={mark}
          matrix={matrix}
          text={textOf(store.image, mark)}
          className={classOf(mark, mark.id === chosen, mark.zone === zone)}
          onGrab={editable ? (handle, event) => onGrab(mark, handle, event) : undefined}
        />
      ))}
    </svg>
  );
}

function classOf(mark: Mark, chosen: boolean, ofZone: boolean): string {
  const kind = isFinding(mark.kind) ? `${classes.finding} ${ofZone ? classes.ofZone : ""}` : "";
  return `${classes.mark} ${kind} ${chosen ? classes.chosenMark : ""}`;
}

function textOf(image: ViewerImage, { kind, points, zone }: Mark): string {
  const [first, second, third] = points as [Point, Point?, Point?];
  if (isFinding(kind)) return zone ?? "";
  if (kind === "angle") {
    if (!second || !third) return t("viewer.angle_open");
    return t("viewer.angle_degrees", { angle: number(angleOf(image, first, second, third), 1) });
  }
  if (!second) return "";
  const { value, kind: trust } = lengthOf(image, first, second);
  const unit = image.pixel_spacing_row_mm === null ? "px" : "mm";
  return `${t(`viewer.length_${unit}`, { length: number(value, unit === "mm" ? 2 : 0) })} ${t(`viewer.${trust}`)}`;
}

interface DrawnProps {
  mark: Mark;
  matrix: Matrix;
  text: string;
  className: string;
  onGrab: ((handle: Handle, event: React.PointerEvent) => void) | undefined;
}

function Drawn({ mark, matrix, text, className, onGrab }: DrawnProps) {
  const points = mark.points.map((point) => apply(matrix, point));
  const line = points.map(({ x, y }) => `${x},${y}`).join(" ");
  const Line = mark.kind === "outline" ? "polygon" : "polyline";
  // An outline has too many points for a handle at each; its first one moves all of it.
  const handles = mark.kind === "outline" ? points.slice(0, 1) : points;
  const beside = points.reduce((right, point) => (point.x > right.x ? point : right), points[0] ?? { x: 0, y: 0 });
  return (
    <g className={className} data-mark={mark.kind} data-zone={mark.zone ?? undefined}>
      <Line points={line} className={classes.halo} />
      <Line points={line} />
      {handles.map(({ x, y }, index) => (
        <circle
          key={index}
          cx={x}
          cy={y}
          r={5}
          className={onGrab ? classes.handle : undefined}
          onPointerDown={(event) => onGrab?.(mark.kind === "outline" ? "whole" : index, event)}
        />
      ))}
      <text x={beside.x + 10} y={beside.y + 4}>
        {text}
      </text>
    </g>
  );
}
