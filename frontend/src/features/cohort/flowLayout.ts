import { Graph, layout } from "@dagrejs/dagre";
import type { Schemas } from "@/shared/api";
import { number } from "@/shared/messages";
import { t, wordOf } from "./text";

export type Flow = Schemas["CohortFlow"];
export type StepKey = Flow["steps"][number]["key"] | "input" | "pool" | "eligible" | "drawn";

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
  key: string;
  label: string;
  text: readonly string[];
  count: number;
  /** Empty for patients. */
  unit: string;
  y: number;
  height: number;
  /** Nobody stands behind hips that leave alone: their patients stay. */
  behind: Behind | null;
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
  isExclusion: boolean;
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

const WIDTH = { comparison: 276, main: 270, excluded: 340 };
/** Boxes of exclusion stand further in on the comparison's side, beside the line that passes them. */
const INDENT = 26;
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

function box(draft: Omit<Draft, "width" | "reasons" | "isRadiographs" | "isExclusion"> & Partial<Draft>): Draft {
  return { reasons: [], isRadiographs: false, isExclusion: false, width: WIDTH[draft.column], ...draft };
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

/** Hips and radiographs that stand behind the patients of a box. */
const unitsLine = (hips: number, radiographs: number): Line => ({ text: t("flow.units", { hips: t("flow.hips", { count: hips }), radiographs: t("flow.radiographs", { count: radiographs }) }), style: "detail" });

/** What a box is called, as the rules have it: a rule that is off is not spoken of. */
export function boxTitle(flow: Flow, key: Flow["steps"][number]["key"]): string {
  if (key === "registry") return flow.steps[0]?.excluded.some(({ patients }) => patients > 0) ? t("box.registry") : t("box.registry_all");
  if (key !== "coded") return t(`box.${key}`);
  const { only_reason: only, cementless } = flow.rules;
  return t(`box.coded${only ? "_only" : ""}${cementless ? "_cementless" : ""}`);
}

function stepBox(flow: Flow, index: number): Draft {
  const step = flow.steps[index]!;
  const label = boxTitle(flow, step.key);
  return box({
    id: step.key,
    column: "main",
    label,
    n: step.patients_out,
    lines: titled(label, "main", step.patients_out, [
      unitsLine(step.hips_out, step.radiographs_out),
      ...expectedLine(step.expected, step.patients_out),
    ]),
    behind: { step: step.key, kept: true, reason: "", label, patients: step.patients_out },
  });
}

interface Left {
  reason: string;
  patients: number;
  /** Hips that left although their patient stays. */
  hips?: number;
}

/** A box of exclusion: each first reason with its number. Hips that leave alone are named below, in hips. */
function exclusions(id: string, column: Box["column"], step: StepKey, title: string, label: string, left: readonly Left[]): Draft {
  const width = column === "comparison" ? WIDTH.comparison - INDENT : WIDTH.excluded;
  const patients = left.reduce((sum, each) => sum + each.patients, 0);
  let y = PADDING + LINE + COUNT_LINE - LINE;
  const reasons = left.map(({ reason, patients: count, hips }): Reason => {
    const word = wordOf("reason", reason);
    const text = wrapped(word, width - 2 * PADDING - 56);
    const isOther = count === 0;
    const row = { text, count: isOther ? (hips ?? 0) : count, unit: isOther ? t("flow.hips_short") : "", y, height: text.length * LINE + 2 };
    y += row.height;
    return { ...row, behind: isOther ? null : { step, kept: false, reason, label: word, patients: count }, key: reason, label: word };
  });
  return box({
    id,
    column,
    width,
    label,
    n: patients,
    isExclusion: true,
    lines: [{ text: `${title} (${t("flow.n", { n: patients })})`, style: "title" }],
    reasons,
    height: y + PADDING - 2,
    behind: { step, kept: false, reason: "", label, patients },
  });
}

function excludedBox(flow: Flow, index: number): Draft | null {
  const step = flow.steps[index]!;
  if (step.excluded.length === 0) return null;
  const title = t(step.excluded.some(({ reason }) => reason === "waiting_for_note") ? "flow.waiting" : "flow.excluded");
  const label = t("patients.excluded_title", { label: boxTitle(flow, step.key) });
  return exclusions(`excluded-${step.key}`, "excluded", step.key, title, label, step.excluded);
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
    const behind: Behind = { step: "input", kept: true, reason: "", label, patients: first.patients_in };
    const more = [unitsLine(first.hips_in, first.radiographs_in)];
    boxes.push(box({ id: "input", column: "main", label, n: behind.patients, lines: titled(label, "main", behind.patients, more), behind }));
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
  return { boxes, edges };
}

/** The other arm, from above: who was never operated on again, who is not eligible, who is, who was drawn. */
function comparisonBoxes(flow: Flow): Draft[] {
  const column = "comparison";
  const { pool, excluded, eligible, eligible_expectation: expectation, draw } = flow.comparison;
  const behind = (step: StepKey, label: string, patients: number): Behind => ({ step, kept: true, reason: "", label, patients });
  const plain = (id: "pool" | "eligible" | "drawn", n: number, more: Line[] = []) => {
    const label = t(`box.${id}`);
    return box({ id, column, label, n, lines: titled(label, column, n, more), behind: behind(id, label, n) });
  };
  const boxes = [plain("pool", pool)];
  if (excluded.length > 0) {
    const label = t("patients.excluded_title", { label: t("box.eligible") });
    boxes.push(exclusions("excluded-eligible", column, "eligible", t("flow.not_eligible"), label, excluded));
  }
  boxes.push(plain("eligible", eligible, expectedLine(expectation.expected, eligible)));
  if (!draw) return boxes;
  const how = t(draw.matched_by.length > 0 ? "flow.seed_matched" : "flow.seed", { seed: String(draw.seed) });
  boxes.push(plain("drawn", draw.drawn, [{ text: how, style: "detail" }, ...expectedLine(draw.expected, draw.drawn)]));
  boxes.push(radiographBox("well_fixed", column, t("box.well_fixed_radiographs"), draw.radiographs, draw.drawn));
  return boxes;
}

const heightOf = (draft: Draft): number =>
  draft.height ?? draft.lines.reduce((sum, line) => sum + lineHeight(line), 0) + 2 * PADDING;

/** The main line by dagre's ranks, exclusions beside it; the comparison group runs down the other side on its own. */
export function flowDrawing(flow: Flow): Drawing {
  const { boxes: drafted, edges } = drafts(flow);
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", ranksep: 16, nodesep: GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const draft of drafted) graph.setNode(draft.id, { width: draft.width, height: heightOf(draft) });
  for (const [from, to, minlen] of edges) graph.setEdge(from, to, { minlen, weight: minlen });
  layout(graph);
  const left = WIDTH.comparison + GAP;
  const columnLeft = { comparison: MARGIN, main: MARGIN + left, excluded: MARGIN + left + WIDTH.main + GAP };
  const boxes = drafted.map((draft): Box => {
    const height = heightOf(draft);
    const y = (graph.node(draft.id) as { y: number }).y - height / 2 + MARGIN;
    return { ...draft, x: columnLeft[draft.column], y, height };
  });
  const registry = boxes.find(({ id }) => id === "registry")!;
  const beside = stacked(comparisonBoxes(flow), registry.y + registry.height + BETWEEN);
  const all = [...boxes, ...beside];
  const byId = new Map(all.map((each) => [each.id, each]));
  const line = beside.filter(({ isExclusion }) => !isExclusion);
  const pairs: [Box, Box][] = [
    ...edges.map(([from, to]): [Box, Box] => [byId.get(from)!, byId.get(to)!]),
    [registry, beside[0]!],
    ...line.slice(1).map((to, index): [Box, Box] => [line[index]!, to]),
    ...beside.filter(({ isExclusion }) => isExclusion).map((to): [Box, Box] => [beside[0]!, to]),
  ];
  return {
    width: columnLeft.excluded + WIDTH.excluded + MARGIN,
    height: Math.max(...all.map((each) => each.y + each.height)) + MARGIN,
    boxes: all,
    arrows: pairs.map(([from, to]) => arrow(from, to)),
  };
}

const BETWEEN = 26;

function stacked(drafted: readonly Draft[], top: number): Box[] {
  let y = top;
  return drafted.map((draft): Box => {
    const height = heightOf(draft);
    const placed = { ...draft, x: MARGIN + (draft.isExclusion ? INDENT : 0), y, height };
    y += height + (draft.isExclusion ? BETWEEN / 1.6 : BETWEEN);
    return placed;
  });
}

function arrow(from: Box, to: Box): Arrow {
  const id = `${from.id}-${to.id}`;
  const middle = from.x + from.width / 2;
  if (from.column === "comparison" && to.column === "comparison") {
    const x = from.x + INDENT / 2;
    const down = `M ${x} ${from.y + from.height} V `;
    return { id, path: to.isExclusion ? `${down}${to.y + 20} H ${to.x - 5}` : `${down}${to.y - 5}` };
  }
  if (to.column === "excluded") return { id, path: `M ${middle} ${to.y + to.height / 2} H ${to.x - 5}` };
  if (from.column === to.column) return { id, path: `M ${middle} ${from.y + from.height} V ${to.y - 5}` };
  return { id, path: `M ${from.x} ${from.y + from.height / 2} H ${to.x + to.width / 2} V ${to.y - 5}` };
}

/** How the stated counts compare with what the rules found. */
export function expectations(flow: Flow): { stated: number; differing: number } {
  const { eligible_expectation: eligible, draw } = flow.comparison;
  const met = [...flow.steps, eligible, ...(draw ? [draw] : [])].map(({ is_met: each }) => each).filter((each) => each !== null);
  return { stated: met.length, differing: met.filter((each) => !each).length };
}

export const spoken = (box: Box): string => `${box.label}: ${number(box.n)}`;
