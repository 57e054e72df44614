import * as Plot from "@observablehq/plot";
import { useCallback } from "react";
import { Figure, Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { operatingPoint, type Rater, type Result, valueText } from "./figures";
import { t } from "./text";
import classes from "./comparison.module.css";

interface Point {
  rater: Rater;
  colour: string;
  x: number;
  y: number;
  threshold: number | null;
}

interface Series {
  rater: Rater;
  colour: string;
  points: Point[];
  stands: { x: number; y: number } | null;
}

const COLOURS = 8;

function seriesOf(raters: readonly Rater[]): Series[] {
  return raters.map((rater, index) => {
    const colour = `var(--rater-${(index % COLOURS) + 1})`;
    const points = rater.roc.map((point) => ({
      rater,
      colour,
      x: point.false_positive_rate,
      y: point.true_positive_rate,
      threshold: point.threshold,
    }));
    return { rater, colour, points, stands: operatingPoint(rater) };
  });
}

export function RocFigure({ result, name }: { result: Result; name: string }) {
  const draw = useCallback((width: number) => plotted(seriesOf(result.raters), width), [result.raters]);
  const names = (kind: Rater["kind"]) =>
    result.raters
      .filter((rater) => rater.kind === kind)
      .map((rater) => `${rater.name} (${t("auc")} ${valueText(rater.auc)})`)
      .join(", ") || t("none");
  return (
    <Panel title={t("roc")}>
      <div className={classes.roc}>
        <Figure
          exportName={`${name}-roc`}
          description={t("roc_description", { models: names("model"), readers: names("reader") })}
          caption={t("roc_caption")}
          draw={draw}
        />
      </div>
    </Panel>
  );
}

function tipOf({ rater, threshold, x, y }: Point): string {
  const word = t(rater.kind === "model" ? "roc_threshold" : "roc_confidence");
  const at = threshold == null ? t("roc_nothing_called") : `${word} ${number(threshold, rater.kind === "model" ? 3 : 0)}`;
  return `${rater.name}\n${at}\n${t("sensitivity")} ${number(y, 3)}\n${t("specificity")} ${number(1 - x, 3)}`;
}

function plotted(series: readonly Series[], width: number) {
  const side = Math.max(240, Math.min(width, 640));
  const models = series.filter(({ rater }) => rater.kind === "model");
  const readers = series.filter(({ rater }) => rater.kind === "reader");
  const all = series.flatMap(({ points }) => points);
  return Plot.plot({
    width: side,
    height: side,
    marginLeft: 52,
    marginBottom: 46,
    marginTop: 16,
    marginRight: 16,
    x: { domain: [0, 1], label: t("roc_x"), labelAnchor: "center", labelArrow: "none", grid: true },
    y: { domain: [0, 1], label: t("roc_y"), labelAnchor: "center", labelArrow: "none", grid: true },
    marks: [
      Plot.frame({ stroke: "var(--lucency-line)" }),
      Plot.line([[0, 0], [1, 1]], { stroke: "currentColor", strokeOpacity: 0.45, strokeDasharray: "2,4" }),
      ...readers.map(({ points, colour }) =>
        Plot.line(points, { x: "x", y: "y", stroke: colour, strokeWidth: 1.4, strokeDasharray: "5,4" }),
      ),
      ...models.map(({ points, colour }) => Plot.line(points, { x: "x", y: "y", stroke: colour, strokeWidth: 2.4 })),
      ...models.flatMap((one) => stand(one, "circle")),
      ...readers.flatMap((one) => stand(one, "diamond")),
      ...legend(series),
      Plot.tip(all, Plot.pointer({ x: "x", y: "y", title: tipOf, maxRadius: 30 })),
    ],
  });
}

function stand({ stands, colour }: Series, symbol: "circle" | "diamond"): Plot.Markish[] {
  if (!stands) return [];
  return [Plot.dot([stands], { x: "x", y: "y", symbol, r: symbol === "circle" ? 6 : 7, fill: colour, stroke: "var(--lucency-surface)", strokeWidth: 1.5 })];
}

/** Inside the figure, below the diagonal: so that the exported file explains itself. */
function legend(series: readonly Series[]): Plot.Markish[] {
  const step = 0.047;
  return series.flatMap(({ rater, colour }, index) => {
    const y = step * (series.length - index) - 0.01;
    const words = `${rater.name}  ${t("auc")} ${valueText(rater.auc)}`;
    return [
      Plot.dot([{ x: 0.44, y }], { x: "x", y: "y", symbol: rater.kind === "model" ? "circle" : "diamond", r: 5, fill: colour }),
      Plot.text([{ x: 0.44, y }], {
        x: "x",
        y: "y",
        text: () => words,
        textAnchor: "start",
        dx: 11,
        fill: "currentColor",
        stroke: "var(--lucency-surface)",
        strokeWidth: 4,
        fontSize: 11.5,
      }),
    ];
  });
}
