import * as Plot from "@observablehq/plot";
import { useCallback } from "react";
import { Figure } from "@/shared/components";
import { number } from "@/shared/messages";
import { labelWord } from "@/shared/runs";
import { type CalledCase, countOf } from "./calls";
import { t } from "./text";
import classes from "./scores.module.css";

interface ScoreFigureProps {
  cases: readonly CalledCase[];
  threshold: number;
  name: string;
}

/** A strip for each class: every case at its probability, stacked where they would cover each other. */
export function ScoreFigure({ cases, threshold, name }: ScoreFigureProps) {
  const draw = useCallback((width: number) => plotted(cases, threshold, width), [cases, threshold]);
  const description = t("figure_description", {
    threshold: number(threshold, 3),
    fn: countOf(cases, "fn"),
    fp: countOf(cases, "fp"),
  });
  return (
    <div className={classes.figure}>
      <Figure exportName={name} description={description} caption={description} draw={draw} />
    </div>
  );
}

const ROW = 105;

function plotted(cases: readonly CalledCase[], threshold: number, width: number) {
  const words = (["loose", "well_fixed"] as const).map(labelWord);
  const dots = (wrong: boolean) =>
    Plot.dot(
      cases.filter(({ outcome }) => (outcome === "fp" || outcome === "fn") === wrong),
      Plot.dodgeY("middle", {
        x: "probability",
        fy: ({ label }: CalledCase) => labelWord(label),
        r: 4.5,
        fill: wrong ? "var(--score-wrong)" : "var(--score-right)",
        symbol: wrong ? "times" : "circle",
        stroke: wrong ? "var(--score-wrong)" : "none",
        strokeWidth: 2,
        tip: true,
        title: (scored: CalledCase) =>
          `${t("case")} ${scored.case}\n${t("label")}: ${labelWord(scored.label)}\n${t("probability")} ${number(scored.probability, 4)}`,
      }),
    );
  return Plot.plot({
    width,
    height: ROW * 2 + 60,
    marginLeft: 90,
    marginRight: 20,
    marginTop: 28,
    x: { domain: [0, 1], label: t("figure_x"), labelAnchor: "center", grid: true },
    fy: { domain: words, label: null, padding: 0.08 },
    marks: [
      Plot.frame({ stroke: "var(--lucency-line)" }),
      Plot.ruleX([threshold], { stroke: "currentColor", strokeWidth: 1.5, strokeDasharray: "4,3" }),
      Plot.text([threshold], {
        x: (value: number) => value,
        fy: () => words[0],
        frameAnchor: "top",
        dy: -14,
        text: () => t("figure_threshold", { value: number(threshold, 3) }),
        fontWeight: 600,
      }),
      dots(false),
      dots(true),
    ],
  });
}
