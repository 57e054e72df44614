import { Graph, layout } from "@dagrejs/dagre";
import type { Schemas } from "@/shared/api";
import { number } from "@/shared/messages";
import { t, wordOf } from "./text";

export type Flow = Schemas["CohortFlow"];
export type StepKey = Flow["steps"][number]["key"] | "comparison";

/** Which patients stand behind a box. */
export interface Behind {
  step: StepKey;
  kept: boolean;
  reason: string;
  label: string;
  patients: number;
}

export interface Line {
  text: string;
  style: "title" | "count" | "detail" | "good" | "bad";
}

export interface Reason {
  text: readonly string[];
  count: number;
  y: number;
  height: number;
  behind: Behind;
}

export interface Box {
  id: string;
  column: "comparison" | "main" | "excluded";
  x: number;
  y: number;
  width: number;
  height: number;
  lines: readonly Line[];
  /** One row a first reason, in boxes of exclusion. */
  reasons: readonly Reason[];
  behind: Behind | null;
  isRadiographs: boolean;
  label: string;
  n: number;
}

export interface Arrow {
  id: string;
  path: string;
}

export interface Drawing {
  width: number;
  height: number;
  boxes: readonly Box[];
  arrows: readonly Arrow[];
}

const WIDTH = { comparison: 236, main: 270, excluded: 340 };
const GAP = 46;
const MARGIN = 6;
export const LINE = 17;
const COUNT_LINE = 21;
export const PADDING = 10;
/** Width of an average character at 12.5 px, bold in titles. */
const CHARACTER = 6.6;
const BOLD_CHARACTER = 7.6;

export function wrapped(text: string, width: number, character = CHARACTER): string[] {
  const most = Math.max(8, Math.floor(width / character));
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export const lineHeight = (line: Line): number => (line.style === "count" ? COUNT_LINE : LINE);

interface Draft extends Omit<Box, "x" | "y" | "height"> {
  height?: number;
}

function box(draft: Omit<Draft, "width" | "reasons" | "isRadiographs"> & Partial<Draft>): Draft {
  return { reasons: [], isRadiographs: false, width: WIDTH[draft.column], ...draft };
}

function titled(title: string, column: Box["column"], n: number, more: readonly Line[] = []): Line[] {
  const titles = wrapped(title, WIDTH[column] - 2 * PADDING, BOLD_CHARACTER).map((text): Line => ({ text, style: "title" }));
  return [...titles, { text: t("flow.n", { n }), style: "count" }, ...more];
}

function expectedLine(expected: number | null, found: number): Line[] {
  if (expected === null) return [];
  if (expected === found) return [{ text: t("flow.matches"), style: "good" }];
  return [{ text: t("flow.differs", { expected }), style: "bad" }];
}

function stepBox(flow: Flow, index: number): Draft {
  const step = flow.steps[index]!;
  const isInput = step.key === "registry" && step.excluded.length === 0;
  const label = isInput ? t("box.registry_all") : t(`box.${step.key}`);
  return box({
    id: step.key,
    column: "main",
    label,
    n: step.patients_out,
    lines: titled(label, "main", step.patients_out, expectedLine(step.expected, step.patients_out)),
    behind: { step: step.key, kept: true, reason: "", label, patients: step.patients_out },
  });
}

function excludedBox(flow: Flow, index: number): Draft | null {
  const step = flow.steps[index]!;
  const patients = step.patients_in - step.patients_out;
  if (patients === 0) return null;
  const title = t(step.excluded.some(({ reason }) => reason === "waiting_for_note") ? "flow.waiting" : "flow.excluded");
  const label = t("patients.excluded_title", { label: t(`box.${step.key}`) });
  let y = PADDING + LINE + COUNT_LINE - LINE;
  const reasons = step.excluded.map(({ reason, patients: count }): Reason => {
    const word = wordOf("reason", reason);
    const text = wrapped(word, WIDTH.excluded - 2 * PADDING - 62);
    const row = { text, count, y, height: text.length * LINE + 2 };
    y += row.height;
    return { ...row, behind: { step: step.key, kept: false, reason, label: word, patients: count } };
  });
  return box({
    id: `excluded-${step.key}`,
    column: "excluded",
    label,
    n: patients,
    lines: [{ text: `${title} (${t("flow.n", { n: patients })})`, style: "title" }],
    reasons,
    height: y + PADDING - 2,
    behind: { step: step.key, kept: false, reason: "", label, patients },
  });
}

function radiographBox(id: string, column: Box["column"], label: string, n: number, hips: number): Draft {
  const more: Line = { text: t("flow.of_hips", { hips }), style: "detail" };
  return box({ id, column, label, n, lines: titled(label, column, n, [more]), behind: null, isRadiographs: true });
}

function drafts(flow: Flow): { boxes: Draft[]; edges: [string, string, number][] } {
  const boxes: Draft[] = [];
  const edges: [string, string, number][] = [];
  const first = flow.steps[0];
  let before = "";
  if (first && first.excluded.length > 0) {
    const label = t("box.input");
    const behind = { step: first.key, kept: false, reason: "", label, patients: first.patients_in };
    // The registry as it was imported has no list of its own: whoever left it, and whoever stayed, stand further down.
    boxes.push(box({ id: "input", column: "main", label, n: behind.patients, lines: titled(label, "main", behind.patients), behind: null }));
    before = "input";
  }
  flow.steps.forEach((step, index) => {
    boxes.push(stepBox(flow, index));
    const excluded = before ? excludedBox(flow, index) : null;
    if (excluded) {
      boxes.push(excluded);
      edges.push([before, excluded.id, 1]);
    }
    if (before) edges.push([before, step.key, 2]);
    before = step.key;
  });
  const confirmed = flow.steps.at(-1)?.patients_out ?? 0;
  boxes.push(radiographBox("loose", "main", t("box.loose_radiographs"), flow.radiographs.loose, confirmed));
  edges.push([before, "loose", 1]);
  if (flow.comparison) addComparison(flow, flow.comparison, boxes, edges);
  return { boxes, edges };
}

function addComparison(
  flow: Flow,
  group: NonNullable<Flow["comparison"]>,
  boxes: Draft[],
  edges: [string, string, number][],
): void {
  const column = "comparison";
  const [eligible, drawn] = [t("box.eligible"), t("box.drawn")];
  const seed = t("flow.seed", { seed: String(group.seed) });
  boxes.push(
    box({ id: "eligible", column, label: eligible, n: group.eligible, lines: titled(eligible, column, group.eligible), behind: null }),
    box({
      id: "drawn",
      column,
      label: drawn,
      n: group.drawn,
      lines: titled(drawn, column, group.drawn, [{ text: seed, style: "detail" }]),
      behind: { step: "comparison", kept: true, reason: "", label: drawn, patients: group.drawn },
    }),
    radiographBox("well_fixed", column, t("box.well_fixed_radiographs"), flow.radiographs.well_fixed, group.drawn),
  );
  // Each stands in the row of what it is compared with.
  edges.push(["registry", "eligible", 2], ["eligible", "drawn", 4], ["drawn", "well_fixed", 1]);
}

/** Rows by dagre's ranks; columns by what a box is: comparison group, main line, exclusions. */
export function flowDrawing(flow: Flow): Drawing {
  const { boxes: drafted, edges } = drafts(flow);
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", ranksep: 16, nodesep: GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  const heights = new Map<string, number>();
  for (const draft of drafted) {
    const height = draft.height ?? draft.lines.reduce((sum, line) => sum + lineHeight(line), 0) + 2 * PADDING;
    heights.set(draft.id, height);
    graph.setNode(draft.id, { width: draft.width, height });
  }
  for (const [from, to, minlen] of edges) graph.setEdge(from, to, { minlen, weight: minlen });
  layout(graph);
  const hasComparison = flow.comparison !== null;
  const left = hasComparison ? WIDTH.comparison + GAP : 0;
  const columnLeft = { comparison: MARGIN, main: MARGIN + left, excluded: MARGIN + left + WIDTH.main + GAP };
  const boxes = drafted.map((draft): Box => {
    const height = heights.get(draft.id)!;
    const y = (graph.node(draft.id) as { y: number }).y - height / 2 + MARGIN;
    return { ...draft, x: columnLeft[draft.column], y, height };
  });
  const byId = new Map(boxes.map((each) => [each.id, each]));
  return {
    width: columnLeft.excluded + WIDTH.excluded + MARGIN,
    height: Math.max(...boxes.map((each) => each.y + each.height)) + MARGIN,
    boxes,
    arrows: edges.map(([from, to]) => arrow(byId.get(from)!, byId.get(to)!)),
  };
}

function arrow(from: Box, to: Box): Arrow {
  const id = `${from.id}-${to.id}`;
  const middle = from.x + from.width / 2;
  if (to.column === "excluded") return { id, path: `M ${middle} ${to.y + to.height / 2} H ${to.x - 5}` };
  if (from.column === to.column) return { id, path: `M ${middle} ${from.y + from.height} V ${to.y - 5}` };
  return { id, path: `M ${from.x} ${from.y + from.height / 2} H ${to.x + to.width / 2} V ${to.y - 5}` };
}

/** How the stated counts compare with what the rules found. */
export function expectations(flow: Flow): { stated: number; differing: number } {
  const stated = flow.steps.filter(({ expected }) => expected !== null);
  return { stated: stated.length, differing: stated.filter((step) => step.expected !== step.patients_out).length };
}

export const spoken = (box: Box): string => `${box.label}: ${number(box.n)}`;
