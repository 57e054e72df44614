import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useMemo, useRef } from "react";
import { csv, download, pngOf, svgText } from "@/shared/components";
import { number, t as common } from "@/shared/messages";
import classes from "./FlowDiagram.module.css";
import { type Behind, type Box, type Flow, flowDrawing, LINE, type Line, lineHeight, PADDING, spoken } from "./flowLayout";
import { STARD_HEADER, stardRows } from "./stard";
import { t } from "./text";

interface FlowDiagramProps {
  flow: Flow;
  exportName: string;
  caption: ReactNode;
  /** Absent for those to whom pseudonyms are not open. */
  onOpen?: (behind: Behind) => void;
  onRadiographs?: () => void;
}

/** The flow as in a paper: one column of steps, what left beside it, the comparison group on the other side. */
export function FlowDiagram({ flow, exportName, caption, onOpen, onRadiographs }: FlowDiagramProps) {
  const drawing = useMemo(() => flowDrawing(flow), [flow]);
  const svg = useRef<SVGSVGElement>(null);
  const last = flow.steps.at(-1)?.patients_out ?? 0;
  const description = t("flow.description", { patients: flow.steps[0]?.patients_in ?? 0, confirmed: last });
  return (
    <figure style={{ margin: 0 }}>
      <svg
        ref={svg}
        className={classes.svg}
        viewBox={`0 0 ${drawing.width} ${drawing.height}`}
        style={{ maxWidth: drawing.width }}
        role="group"
        aria-label={description}
      >
        <defs>
          <marker id="flow-head" viewBox="0 0 8 8" refX="3" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8Z" className={classes.head} />
          </marker>
        </defs>
        {drawing.arrows.map(({ id, path }) => (
          <path key={id} d={path} className={classes.arrow} markerEnd="url(#flow-head)" />
        ))}
        {drawing.boxes.map((box) => (
          <FlowBox key={box.id} box={box} onOpen={onOpen} onRadiographs={onRadiographs} />
        ))}
      </svg>
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap" mt="sm">
        <Text component="figcaption" size="sm" className="muted">
          {caption}
        </Text>
        <Exports flow={flow} svg={svg} name={exportName} />
      </Group>
    </figure>
  );
}

interface ExportsProps {
  flow: Flow;
  svg: { readonly current: SVGSVGElement | null };
  name: string;
}

function Exports({ flow, svg, name }: ExportsProps) {
  /** On paper it is always light. */
  const inLight = <Result,>(make: (drawing: SVGSVGElement) => Result): Result | null => {
    const drawing = svg.current;
    if (!drawing) return null;
    drawing.style.colorScheme = "light";
    const made = make(drawing);
    drawing.style.removeProperty("color-scheme");
    return made;
  };
  const saveSvg = () => {
    const text = inLight(svgText);
    if (text) download(`${name}.svg`, text, "image/svg+xml");
  };
  const savePng = async () => {
    const picture = await inLight(pngOf);
    if (picture) download(`${name}.png`, picture);
  };
  const saveCsv = () => download(`${name}.csv`, csv(STARD_HEADER, stardRows(flow)), "text/csv;charset=utf-8");
  const icon = <IconDownload size={13} />;
  return (
    <Group gap={6} wrap="nowrap">
      <Button size="compact-xs" variant="default" leftSection={icon} onClick={saveSvg}>
        {common("action.svg")}
      </Button>
      <Button size="compact-xs" variant="default" leftSection={icon} onClick={() => void savePng()}>
        {common("action.png")}
      </Button>
      <Button size="compact-xs" variant="default" leftSection={icon} onClick={saveCsv}>
        {common("action.csv")}
      </Button>
    </Group>
  );
}

interface FlowBoxProps {
  box: Box;
  onOpen?: (behind: Behind) => void;
  onRadiographs?: () => void;
}

function FlowBox({ box, onOpen, onRadiographs }: FlowBoxProps) {
  const frame = (
    <rect
      x={box.x}
      y={box.y}
      width={box.width}
      height={box.height}
      rx={4}
      className={classes.box}
      data-column={box.isExclusion ? "excluded" : box.column}
      data-final={["confirmed", "drawn"].includes(box.id)}
    />
  );
  if (box.isExclusion) return <ExcludedBox box={box} frame={frame} onOpen={onOpen} />;
  const text = <BoxText box={box} />;
  const { behind } = box;
  if (box.isRadiographs && onRadiographs) {
    return (
      <SvgButton role="link" onPress={onRadiographs}>
        {frame}
        {text}
      </SvgButton>
    );
  }
  if (behind && onOpen) {
    return (
      <SvgButton onPress={() => onOpen(behind)}>
        {frame}
        {text}
      </SvgButton>
    );
  }
  return (
    <g role="img" aria-label={spoken(box)}>
      {frame}
      {text}
    </g>
  );
}

function BoxText({ box }: { box: Box }) {
  const middle = box.x + box.width / 2;
  const baselines: { line: Line; y: number }[] = [];
  let below = box.y + PADDING;
  for (const line of box.lines) {
    below += lineHeight(line);
    baselines.push({ line, y: below - 4.5 });
  }
  return (
    <>
      {baselines.map(({ line, y }) => (
        <text key={y} x={middle} y={y} textAnchor="middle" className={`${classes.text} ${classes[line.style]}`}>
          {line.text}
          {" "}
        </text>
      ))}
    </>
  );
}

function ExcludedBox({ box, frame, onOpen }: { box: Box; frame: ReactNode; onOpen?: (behind: Behind) => void }) {
  const [left, right] = [box.x + PADDING, box.x + box.width - PADDING];
  const title = (
    <text x={left} y={box.y + PADDING + LINE - 4.5} className={`${classes.text} ${classes.title}`}>
      {box.lines[0]?.text}
      {" "}
    </text>
  );
  const all = box.behind;
  return (
    <g>
      {frame}
      <Row label={spoken(box)} y={box.y + 5} box={box} height={LINE + 6} behind={all} onOpen={onOpen}>
        {title}
      </Row>
      {box.reasons.map((reason) => (
        <Row
          key={reason.key}
          label={`${reason.label}: ${number(reason.count)} ${reason.unit}`.trim()}
          y={box.y + reason.y + 1}
          height={reason.height}
          box={box}
          behind={reason.behind}
          onOpen={onOpen}
        >
          {reason.text.map((line, index) => (
            <text key={line} x={left} y={box.y + reason.y + (index + 1) * LINE - 3} className={classes.text}>
              {line}
              {" "}
            </text>
          ))}
          <text x={right} y={box.y + reason.y + LINE - 3} textAnchor="end" className={classes.text}>
            {number(reason.count)}
            {reason.unit && ` ${reason.unit}`}
          </text>
        </Row>
      ))}
    </g>
  );
}

interface RowProps {
  label: string;
  y: number;
  height: number;
  box: Box;
  behind: Behind | null;
  onOpen?: (behind: Behind) => void;
  children: ReactNode;
}

function Row({ label, y, height, box, behind, onOpen, children }: RowProps) {
  if (!onOpen || !behind) {
    return (
      <g role="img" aria-label={label}>
        {children}
      </g>
    );
  }
  return (
    <SvgButton onPress={() => onOpen(behind)}>
      <rect x={box.x + 4} y={y} width={box.width - 8} height={height} rx={3} className={classes.hit} />
      {children}
    </SvgButton>
  );
}

interface SvgButtonProps {
  role?: "button" | "link";
  onPress: () => void;
  /** Its words are its name. */
  children: ReactNode;
}

function SvgButton({ role = "button", onPress, children }: SvgButtonProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onPress();
  };
  return (
    <g
      role={role}
      tabIndex={0}
      aria-haspopup={role === "button" ? "dialog" : undefined}
      className={classes.button}
      onClick={onPress}
      onKeyDown={onKeyDown}
    >
      {children}
    </g>
  );
}
