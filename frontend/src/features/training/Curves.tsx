import { Button, Grid, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import * as Plot from "@observablehq/plot";
import { useCallback, useMemo } from "react";
import type { Schemas } from "@/shared/api";
import { csv, download, Figure, Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { type CurveName, type CurvePoint, curvePoints, lowest } from "./metrics";
import { t } from "./text";
import classes from "./training.module.css";

type Run = Schemas["RunDetail"];

const COLOURS = {
  training: "var(--curve-training)",
  validation: "var(--curve-validation)",
} as const;

export function Curves({ run }: { run: Run }) {
  const { epochs } = run;
  const save = () => {
    const names = [...new Set(epochs.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
    const rows = epochs.map(({ epoch, seconds, metrics }) => [epoch, seconds, ...names.map((name) => metrics[name])]);
    download(`run-${run.id}-epochs.csv`, csv(["epoch", "seconds", ...names], rows), "text/csv;charset=utf-8");
  };
  return (
    <Panel
      title={t("curves")}
      actions={
        epochs.length > 0 && (
          <Button size="compact-xs" variant="default" leftSection={<IconDownload size={13} />} onClick={save}>
            {t("epoch_csv")}
          </Button>
        )
      }
    >
      {epochs.length === 0 ? (
        <Text className="muted">{t("curve_empty")}</Text>
      ) : (
        <Grid gap="xl" className={classes.curves}>
          {CURVES.map((name) => (
            <Grid.Col key={name} span={{ base: 12, sm: 6 }}>
              <Curve run={run} name={name} />
            </Grid.Col>
          ))}
        </Grid>
      )}
    </Panel>
  );
}

const CURVES = ["loss", "auc", "sensitivity", "specificity"] as const;
const LABELS = {
  loss: "curve_loss",
  auc: "curve_auc",
  sensitivity: "curve_sensitivity",
  specificity: "curve_specificity",
} as const;

function captionOf(name: CurveName, points: readonly CurvePoint[]): string {
  if (name === "auc") return t("curve_auc_about");
  if (name !== "loss") return t("curve_half_about");
  const best = lowest(points);
  return best ? t("curve_loss_about", { low: number(best.value, 3), epoch: best.epoch }) : "";
}

function Curve({ run, name }: { run: Run; name: CurveName }) {
  const points = useMemo(() => curvePoints(run.epochs, name), [run.epochs, name]);
  const total = Math.max(run.job.progress_total, run.epochs.length, 2);
  const draw = useCallback((width: number) => plotted(points, name, total, width), [points, name, total]);
  const caption = captionOf(name, points);
  return <Figure exportName={`run-${run.id}-${name}`} description={caption} caption={caption} draw={draw} />;
}

/** At most about ten ticks, each at a whole epoch. */
function wholeEpochs(total: number): number[] {
  const step = Math.ceil(total / 10);
  return Array.from({ length: total }, (_, index) => index + 1).filter((epoch) => epoch === 1 || epoch % step === 0);
}

/** Of two ends that lie close together, the upper one is named above: the names never cover each other. */
function isHigher(part: CurvePoint["part"], parts: readonly { part: CurvePoint["part"]; own: readonly CurvePoint[] }[]): boolean {
  const end = (which: (name: CurvePoint["part"]) => boolean) =>
    parts.find((each) => which(each.part))?.own.at(-1)?.value ?? Number.NEGATIVE_INFINITY;
  return end((name) => name === part) > end((name) => name !== part);
}

function plotted(points: readonly CurvePoint[], name: CurveName, total: number, width: number) {
  const parts = (["training", "validation"] as const).map((part) => ({
    part,
    own: points.filter((point) => point.part === part),
  }));
  return Plot.plot({
    width,
    height: 260,
    marginRight: 74,
    marginLeft: 46,
    marginTop: 26,
    x: { label: t("curve_epoch"), domain: [1, total], ticks: wholeEpochs(total), tickFormat: "d" },
    y: { label: t(LABELS[name]), grid: true, nice: true, ...(name === "loss" ? { zero: false } : { domain: [0, 1] }) },
    marks: [
      ...(name === "auc" ? [Plot.ruleY([0.5], { stroke: "currentColor", strokeDasharray: "2,4", strokeOpacity: 0.5 })] : []),
      ...parts.flatMap(({ part, own }) => [
        Plot.line(own, { x: "epoch", y: "value", stroke: COLOURS[part], strokeWidth: 2, strokeDasharray: part === "training" ? "5,4" : undefined }),
        Plot.dot(own, { x: "epoch", y: "value", fill: COLOURS[part], r: 2.5 }),
        Plot.text(own.slice(-1), {
          x: "epoch",
          y: "value",
          text: () => t(part === "training" ? "curve_training" : "curve_validation"),
          textAnchor: "start",
          dx: 7,
          dy: isHigher(part, parts) ? -7 : 7,
          fill: COLOURS[part],
          fontWeight: 600,
        }),
      ]),
      Plot.tip(points, Plot.pointer({ x: "epoch", y: "value", title: (point: CurvePoint) => `${t("curve_epoch")} ${point.epoch}\n${t(point.part === "training" ? "curve_training" : "curve_validation")} ${number(point.value, 3)}` })),
    ],
  });
}
