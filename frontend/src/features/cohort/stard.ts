import { t, wordOf } from "./text";
import { boxTitle, type Flow } from "./flowLayout";

export const STARD_HEADER = ["Arm", "Box", "Reason", "Patients", "Hips", "Radiographs", "Expected patients", "As expected"] as const;

type Row = readonly (string | number)[];

/** The flow as the rows of a table, in the words of the STARD 2015 diagram: who was assessed, excluded and why, included. */
export function stardRows(flow: Flow): Row[] {
  return [...loosening(flow), ...comparison(flow)];
}

const yesOrNo = (met: boolean | null) => (met === null ? "" : met ? "yes" : "no");
const count = (value: number | null) => value ?? "";

function loosening(flow: Flow): Row[] {
  const arm = t("stard.loosening");
  const first = flow.steps[0]!;
  const rows: Row[] = [
    [arm, t("stard.assessed"), "", first.patients_in, first.hips_in, first.radiographs_in, "", ""],
  ];
  for (const step of flow.steps) {
    for (const { reason, patients, hips, radiographs } of step.excluded) {
      const waits = reason === "waiting_for_note";
      const box = waits ? t("stard.waiting") : t("stard.excluded", { step: boxTitle(flow, step.key) });
      rows.push([arm, box, wordOf("reason", reason), patients, hips, radiographs, "", ""]);
    }
    const box = t("stard.included", { step: boxTitle(flow, step.key) });
    const { patients_out: patients, hips_out: hips, radiographs_out: radiographs, expected, is_met: met } = step;
    rows.push([arm, box, "", patients, hips, radiographs, count(expected), yesOrNo(met)]);
  }
  return rows;
}

function comparison(flow: Flow): Row[] {
  const arm = t("stard.comparison");
  const { pool, excluded, eligible, eligible_expectation: expectation, draw } = flow.comparison;
  const rows: Row[] = [[arm, t("stard.assessed_comparison"), "", pool, "", "", "", ""]];
  for (const { reason, patients } of excluded) {
    rows.push([arm, t("stard.excluded", { step: t("box.eligible") }), wordOf("reason", reason), patients, "", "", "", ""]);
  }
  rows.push([arm, t("stard.included", { step: t("box.eligible") }), "", eligible, eligible, "", count(expectation.expected), yesOrNo(expectation.is_met)]);
  if (!draw) return rows;
  if (eligible > draw.drawn) rows.push([arm, t("stard.not_drawn"), "", eligible - draw.drawn, eligible - draw.drawn, "", "", ""]);
  rows.push([arm, t("stard.included", { step: t("box.drawn") }), "", draw.drawn, draw.drawn, draw.radiographs, count(draw.expected), yesOrNo(draw.is_met)]);
  return rows;
}
