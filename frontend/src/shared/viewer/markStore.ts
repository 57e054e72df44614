import type { Point, ViewerImage } from "./types";

/** What is measured, and what is drawn as a finding in a zone. */
export type MeasureKind = "length" | "angle";
export type FindingKind = "point" | "line" | "outline";
export type MarkKind = MeasureKind | FindingKind;

export interface Mark {
  id: number;
  kind: MarkKind;
  /** In the picture's coordinates. */
  points: readonly Point[];
  /** Of a finding; null for what is only measured. */
  zone: string | null;
}

/** A finding as it is kept with the answer: points are [column, row]. */
export interface ZoneMark {
  zone: string;
  kind: FindingKind;
  points: number[][];
}

interface Marked {
  marks: readonly Mark[];
  chosen: number | null;
  /** The zone that a new finding belongs to. */
  zone: string | null;
  /** A mark that still wants points. */
  open: number | null;
}

const UNDO_STEPS = 50;
/** As many as a read may hold. */
const MOST_POINTS = 200;
const FEWEST_POINTS: Record<MarkKind, number> = { length: 2, angle: 3, point: 1, line: 2, outline: 3 };

export const isFinding = (kind: MarkKind): kind is FindingKind => kind !== "length" && kind !== "angle";
const isWhole = ({ kind, points }: Mark) => points.length >= FEWEST_POINTS[kind];

/** The marks on one picture, with undo. Where findings are wanted, `takesFindings` offers their tools. */
export class MarkStore {
  private state: Marked = { marks: [], chosen: null, zone: null, open: null };
  private history: (readonly Mark[])[] = [];
  private lastId = 0;
  private readonly listeners = new Set<() => void>();

  constructor(readonly takesFindings = false) {}

  get = (): Marked => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  choose = (chosen: number | null): void => this.show({ chosen });
  setZone = (zone: string | null): void => this.show({ zone });

  /** Called before a change that undo shall take back. */
  remember = (): void => {
    this.history = [...this.history.slice(1 - UNDO_STEPS), this.state.marks];
  };

  begin = (kind: MarkKind, points: readonly Point[]): number => {
    this.remember();
    this.lastId += 1;
    const mark = { id: this.lastId, kind, points, zone: isFinding(kind) ? this.state.zone : null };
    this.show({ marks: [...this.state.marks, mark], chosen: mark.id, open: isWhole(mark) ? null : mark.id });
    return mark.id;
  };

  move = (id: number, index: number, at: Point): void =>
    this.change(id, (points) => points.map((point, place) => (place === index ? at : point)));

  shift = (id: number, dx: number, dy: number): void =>
    this.change(id, (points) => points.map(({ x, y }) => ({ x: x + dx, y: y + dy })));

  /** One more point; of an outline that has become too long every other one is left out. */
  extend = (id: number, at: Point): void => {
    this.change(id, (points) => {
      const kept = points.length < MOST_POINTS ? points : points.filter((_, place) => place % 2 === 0);
      return [...kept, at];
    });
    const mark = this.state.marks.find((each) => each.id === id);
    if (mark && mark.kind !== "outline" && isWhole(mark)) this.show({ open: null });
  };

  /** A point of the chosen kind without dragging: the marks that want more points go on with the next one. */
  place = (kind: MarkKind, at: Point): void => {
    const open = this.state.marks.find(({ id }) => id === this.state.open);
    if (open?.kind !== kind) this.begin(kind, [at]);
    else this.extend(open.id, at);
    // An outline closes by itself and takes further points until another tool is taken.
    if (kind === "outline" && this.state.open === null) this.show({ open: this.state.chosen });
  };

  /** Another tool is taken: what is not whole goes. */
  finish = (): void => {
    const whole = this.state.marks.filter(isWhole);
    if (whole.length < this.state.marks.length) this.show({ marks: whole, chosen: null, open: null });
    else if (this.state.open !== null) this.show({ open: null });
  };

  /** As if it had never been begun. */
  cancel = (): void => this.undo();

  remove = (id: number): void => {
    this.remember();
    this.show({ marks: this.state.marks.filter((mark) => mark.id !== id), chosen: null, open: null });
  };

  /** Measurements go; findings belong to the answer and stay. */
  clearMeasures = (): void => {
    const findings = this.state.marks.filter(({ kind }) => isFinding(kind));
    if (findings.length === this.state.marks.length) return;
    this.remember();
    this.show({ marks: findings, chosen: null, open: null });
  };

  undo = (): void => {
    const before = this.history.pop();
    if (before) this.show({ marks: before, chosen: null, open: null });
  };

  /** Takes the findings of an answer that was begun earlier. */
  load = (findings: readonly ZoneMark[]): void => {
    const measures = this.state.marks.filter(({ kind }) => !isFinding(kind));
    const loaded = findings.map(({ zone, kind, points }) => {
      this.lastId += 1;
      return { id: this.lastId, kind, zone, points: points.map(([x = 0, y = 0]) => ({ x, y })) };
    });
    this.history = [];
    this.show({ marks: [...measures, ...loaded], chosen: null, open: null });
  };

  /** The whole findings, their points within the picture and to a tenth of a pixel. */
  findings = (image: Pick<ViewerImage, "rows" | "columns">): ZoneMark[] => {
    const within = (value: number, most: number) => Math.round(Math.min(most, Math.max(0, value)) * 10) / 10;
    return this.state.marks.flatMap((mark) =>
      isFinding(mark.kind) && mark.zone && isWhole(mark)
        ? [
            {
              zone: mark.zone,
              kind: mark.kind,
              points: mark.points.map(({ x, y }) => [within(x, image.columns), within(y, image.rows)]),
            },
          ]
        : [],
    );
  };

  private change(id: number, points: (points: readonly Point[]) => readonly Point[]): void {
    this.show({
      marks: this.state.marks.map((mark) => (mark.id === id ? { ...mark, points: points(mark.points) } : mark)),
    });
  }

  private show(change: Partial<Marked>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }
}
