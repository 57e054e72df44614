import { Table, Text } from "@mantine/core";
import { Panel } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { FigureCell } from "./FigureCell";
import { methodText, pText, type Result, signed, signedInterval } from "./figures";
import { NumberHead } from "./NumberHead";
import { t } from "./text";
import classes from "./comparison.module.css";

/** Each model against the mean of the readers, readers and cases random. */
export function AgainstPanel({ result }: { result: Result }) {
  const rows = result.panel;
  if (rows.length === 0) return null;
  const shown = (value: number | null) => (value == null ? t("undefined") : number(value, 3));
  const remarks = [...new Set(rows.map(({ remark }) => remark).filter(Boolean))];
  return (
    <Panel title={t("panel")} lead={t("panel_lead", { readers: rows[0]?.readers ?? 0 })} flush>
      <Table.ScrollContainer minWidth={720}>
        <Table className={classes.raters} horizontalSpacing={10}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("model")}</Table.Th>
              <Table.Th>{t("quantity")}</Table.Th>
              <NumberHead label={t("n")} about={t("panel_n_about")} />
              <NumberHead label={t("model")} />
              <NumberHead label={t("panel_mean")} about={t("panel_mean_about")} />
              <NumberHead label={t("difference")} about={t("panel_difference_about")} />
              <NumberHead label={t("degrees")} about={t("degrees_about")} />
              <NumberHead label={t("p")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={`${row.key} ${row.quantity}`} data-primary={row.quantity === result.primary_endpoint || undefined}>
                <Table.Td>{row.name}</Table.Td>
                <Table.Td>{t(row.quantity)}</Table.Td>
                <Table.Td ta="right">{number(row.n)}</Table.Td>
                <Table.Td ta="right">{shown(row.model)}</Table.Td>
                <Table.Td ta="right">{shown(row.panel_mean)}</Table.Td>
                <Table.Td ta="right">
                  <FigureCell
                    value={row.difference.value == null ? t("undefined") : signed(row.difference.value)}
                    below={signedInterval(row.difference)}
                    isUndefined={row.difference.value == null}
                    label={t("what_is", { name: `${t("difference")}, ${t(row.quantity)}`, rater: row.name })}
                    about={[
                      <b key="name">{`${t(row.quantity)}: ${row.name}`}</b>,
                      t("panel_difference_about"),
                      row.panel.map(({ name, value }) => `${name} ${number(value, 3)}`).join(" · "),
                      row.undefined && t("why_undefined", { reason: row.undefined }),
                      t("method", { method: `${percent(result.level)}, ${methodText(row.method)}` }),
                      row.difference.note,
                      row.quantity === "auc" && t("panel_auc_about"),
                    ]}
                  />
                </Table.Td>
                <Table.Td ta="right">{row.df == null ? t("normal") : number(row.df, 1)}</Table.Td>
                <Table.Td ta="right">{pText(row.p_value)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <div className={classes.statements}>
        <Text size="sm">{[...remarks, t("panel_auc_about")].join(" ")}</Text>
      </div>
    </Panel>
  );
}
