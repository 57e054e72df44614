import { Badge, Table } from "@mantine/core";
import { About, Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import type { Result } from "./figures";
import { NumberHead } from "./NumberHead";
import { t } from "./text";
import classes from "./comparison.module.css";

export function OperatingPoints({ result }: { result: Result }) {
  const rows = result.pairs.flatMap((pair) => pair.model_at_reader.map((point) => ({ pair, point })));
  if (rows.length === 0) return null;
  const shown = (value: number | null) => (value == null ? t("undefined") : number(value, 3));
  return (
    <Panel title={t("operating")} lead={t("operating_lead")} flush>
      <Table.ScrollContainer minWidth={720}>
        <Table className={classes.raters} horizontalSpacing={10}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("operating_model")}</Table.Th>
              <Table.Th>{t("operating_reader")}</Table.Th>
              <Table.Th ta="right">{t("operating_held")}</Table.Th>
              <Table.Th ta="right">{t("operating_wanted")}</Table.Th>
              <NumberHead label={t("operating_attainable")} about={t("operating_attainable_about")} />
              <NumberHead label={t("operating_reached")} about={t("operating_reached_about")} />
              <NumberHead label={t("operating_threshold")} about={t("operating_threshold_about")} />
              <NumberHead label={t("operating_interpolated")} about={t("operating_interpolated_about")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ pair, point }) => (
              <Table.Tr key={`${pair.first} ${pair.second} ${point.wanted}`}>
                <Table.Td>{pair.first_name}</Table.Td>
                <Table.Td>{pair.second_name}</Table.Td>
                <Table.Td ta="right">
                  {t(point.wanted === "sensitivity" ? "specificity" : "sensitivity") + " " + number(point.at_least, 3)}
                </Table.Td>
                <Table.Td ta="right">{t(point.wanted)}</Table.Td>
                <Table.Td ta="right" fw={620}>
                  {shown(point.attainable)}
                  {point.undefined && <About>{t("why_undefined", { reason: point.undefined })}</About>}
                  {point.optimistic && (
                    <Badge size="sm" color="yellow" ml={6}>
                      {t("optimistic")}
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td ta="right">{shown(point.reached)}</Table.Td>
                <Table.Td ta="right">{point.threshold == null ? "–" : number(point.threshold, 3)}</Table.Td>
                <Table.Td ta="right">{shown(point.interpolated)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
