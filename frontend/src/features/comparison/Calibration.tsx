import { Table } from "@mantine/core";
import { Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { Drawing } from "./Drawing";
import { intervalText, pText, type Result, valueText } from "./figures";
import { NumberHead } from "./NumberHead";
import { t } from "./text";
import classes from "./comparison.module.css";

/** Whether a probability of 0.8 means that eight of ten are loose. */
export function Calibration({ result, url }: { result: Result; url: string }) {
  const models = result.raters.flatMap((rater) => (rater.calibration ? [{ rater, found: rater.calibration }] : []));
  if (models.length === 0) return null;
  const shown = (value: number | null) => (value == null ? t("undefined") : number(value, 3));
  return (
    <Panel title={t("calibration")} lead={t("calibration_lead")}>
      <Drawing url={url} caption={t("calibration_caption")} />
      <Table className={classes.raters} horizontalSpacing={10} mt="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("model")}</Table.Th>
            <NumberHead label={t("n")} />
            <NumberHead label={t("brier")} about={t("brier_about")} />
            <NumberHead label={t("brier_of_prevalence")} about={t("brier_of_prevalence_about")} />
            <NumberHead label={t("slope")} about={t("slope_about")} />
            <NumberHead label={t("intercept")} about={t("intercept_about")} />
            <NumberHead label={t("spiegelhalter")} about={t("spiegelhalter_about")} />
            <NumberHead label={t("ece")} about={t("ece_about")} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map(({ rater, found }) => (
            <Table.Tr key={rater.key}>
              <Table.Td>{rater.name}</Table.Td>
              <Table.Td ta="right">{number(found.n)}</Table.Td>
              <Table.Td ta="right">{shown(found.brier)}</Table.Td>
              <Table.Td ta="right">{shown(found.brier_of_prevalence)}</Table.Td>
              {[found.slope, found.intercept].map((figure, index) => (
                <Table.Td ta="right" key={index} title={figure.undefined ?? undefined}>
                  {valueText(figure)}
                  <span className={classes.below}>{" " + intervalText(figure)}</span>
                </Table.Td>
              ))}
              <Table.Td ta="right">{pText(found.spiegelhalter_p)}</Table.Td>
              <Table.Td ta="right">{shown(found.ece)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
