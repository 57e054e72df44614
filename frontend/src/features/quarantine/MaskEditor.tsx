import { Button, Group, Text } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { number } from "@/shared/messages";
import { type Box, between, grown, middle, moved, type Place, resized, type Size } from "./mask";
import classes from "./quarantine.module.css";
import { t } from "./text";

interface MaskEditorProps {
  size: Size;
  previewUrl: string;
  found: readonly Box[];
  rectangles: readonly Box[];
  onChange: (rectangles: Box[]) => void;
}

type Drag = { kind: "draw"; from: Place; to: Place } | { kind: "move"; index: number; from: Place; box: Box };
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The picture with black rectangles that are drawn, moved and removed by mouse or keyboard. */
export function MaskEditor({ size, previewUrl, found, rectangles, onChange }: MaskEditorProps) {
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const replace = (index: number, box: Box) => onChange(rectangles.map((old, at) => (at === index ? box : old)));
  const place = (event: PointerEvent): Place => {
    const matrix = svg.current?.getScreenCTM();
    const point = new DOMPoint(event.clientX, event.clientY);
    return matrix ? point.matrixTransform(matrix.inverse()) : point;
  };
  const begin = (next: Drag, event: PointerEvent) => {
    event.stopPropagation();
    svg.current?.setPointerCapture(event.pointerId);
    setDrag(next);
  };
  const move = (event: PointerEvent) => {
    if (!drag) return;
    const to = place(event);
    if (drag.kind === "draw") setDrag({ ...drag, to });
    else replace(drag.index, moved(drag.box, to.x - drag.from.x, to.y - drag.from.y, size));
  };
  const end = () => {
    const drawn = drag?.kind === "draw" ? between(drag.from, drag.to, size) : null;
    if (drawn) onChange([...rectangles, drawn]);
    setDrag(null);
  };
  const press = (index: number, box: Box) => (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") onChange(rectangles.filter((_, at) => at !== index));
    else if (arrow) {
      const step = Math.max(4, Math.round(size.rows / 200));
      replace(index, (event.shiftKey ? resized : moved)(box, arrow[0] * step, arrow[1] * step, size));
    } else return;
    event.preventDefault();
  };
  const drawing = drag?.kind === "draw" ? between(drag.from, drag.to, size) : null;
  return (
    <div className={classes.editor}>
      <svg
        ref={svg}
        className={classes.picture}
        viewBox={`0 0 ${size.columns} ${size.rows}`}
        role="group"
        aria-label={t("editor.label")}
        onPointerDown={(event) => begin({ kind: "draw", from: place(event), to: place(event) }, event)}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={() => setDrag(null)}
      >
        <image href={previewUrl} width={size.columns} height={size.rows} preserveAspectRatio="none" />
        {rectangles.map((box, index) => (
          <rect
            key={index}
            {...corners(box)}
            className={classes.rectangle}
            tabIndex={0}
            role="button"
            aria-label={t("editor.rectangle", {
              number: index + 1,
              width: number(box.right - box.left),
              height: number(box.bottom - box.top),
            })}
            onPointerDown={(event) => {
              event.currentTarget.focus();
              begin({ kind: "move", index, from: place(event), box }, event);
            }}
            onKeyDown={press(index, box)}
          />
        ))}
        {drawing && <rect {...corners(drawing)} className={classes.drawing} />}
        {found.map((box) => (
          <rect key={`${box.top} ${box.left}`} {...corners(box)} className={classes.found} />
        ))}
      </svg>
      <Group gap="xs">
        <Button variant="default" size="xs" onClick={() => onChange([...rectangles, middle(size)])}>
          {t("editor.add")}
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={found.length === 0}
          onClick={() => onChange(found.map((box) => grown(box, size)))}
        >
          {t("editor.found_again")}
        </Button>
        <Text size="sm" className="muted" aria-live="polite">
          {rectangles.length === 0 ? t("editor.none") : t("editor.count", { count: rectangles.length })}
        </Text>
      </Group>
      <Text size="sm" className="muted">
        {t("editor.keys")}
      </Text>
    </div>
  );
}

function corners({ top, left, bottom, right }: Box) {
  return { x: left, y: top, width: right - left, height: bottom - top };
}
