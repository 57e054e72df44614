import type { Schemas } from "@/shared/api";

/** One figure of a bag of them; null when it is absent or no number. */
export function metric(metrics: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = metrics[name];
  return typeof value === "number" ? value : null;
}

/** The finished run's validation AUC, or that of its last epoch while it runs. */
export function validationAuc(run: Pick<Schemas["Run"], "validation_metrics" | "epochs">): number | null {
  return metric(run.validation_metrics, "validation_auc") ?? metric(run.epochs.at(-1)?.metrics ?? {}, "validation_auc");
}

export interface CurvePoint {
  epoch: number;
  part: "training" | "validation";
  value: number;
}

export type CurveName = "loss" | "auc" | "sensitivity" | "specificity";

/** The points of one curve, without the epochs that have no such figure. */
export function curvePoints(epochs: readonly Schemas["Epoch"][], name: CurveName): CurvePoint[] {
  return (["training", "validation"] as const).flatMap((part) =>
    epochs.flatMap(({ epoch, metrics }) => {
      const value = metric(metrics, `${part}_${name}`);
      return value == null ? [] : [{ epoch, part, value }];
    }),
  );
}

export function lowest(points: readonly CurvePoint[]): CurvePoint | undefined {
  const validation = points.filter(({ part }) => part === "validation");
  return validation.reduce<CurvePoint | undefined>((best, point) => (best && best.value <= point.value ? best : point), undefined);
}
