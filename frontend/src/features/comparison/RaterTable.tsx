import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { csv, download, Panel } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { FigureCell } from "./FigureCell";
import { FIGURES, type FigureName, fixedWhen, intervalText, methodText, type Rater, type Result, tableRows, valueText } from "./figures";
import { NumberHead } from "./NumberHead";
import { t } from "./text";
import classes from "./comparison.module.css";

const COUNTS = ["tp", "fp", "fn", "tn"] as const;
const COLUMNS: readonly FigureName[] = [...FIGURES, "auc"];

export function RaterTable({ result, name }: { result: Result; name: string }) {
  const save = () => {
    const { head, rows } = tableRows(result);
    download(`${name}-table.csv`, csv(head, rows), "text/csv;charset=utf-8");
  };
  return (
    <Panel
      title={t("table")}
      lead={t("table_lead", { level: percent(result.level) })}
      flush
      actions={
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={save} className={classes.screenOnly}>
          {t("table_csv")}
        </Button>
      }
    >
      <Table.ScrollContainer minWidth={720}>
        <Table className={classes.raters} horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("rater")}</Table.Th>
              <NumberHead label={t("n")} about={t("n_about")} />
              {COUNTS.map((count) => (
                <NumberHead key={count} className={classes.wideOnly} label={t(count)} about={t(`${count}_about`)} />
              ))}
              {COLUMNS.map((column) => (
                <NumberHead key={column} label={t(column)} about={t(`${column}_about`)} />
              ))}
              <NumberHead className={`${classes.wideOnly} ${classes.threshold}`} label={t("threshold")} about={t("threshold_about")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.raters.map((rater) => (
              <Table.Tr key={rater.key}>
                <Table.Td>
                  <RaterName rater={rater} />
                </Table.Td>
                <Table.Td ta="right">{number(rater.n)}</Table.Td>
                {COUNTS.map((count) => (
                  <Table.Td key={count} ta="right" className={classes.wideOnly}>
                    {number(rater[count])}
                  </Table.Td>
                ))}
                {COLUMNS.map((column) => (
                  <Table.Td key={column} ta="right">
                    <RaterFigure rater={rater} column={column} level={result.level} />
                  </Table.Td>
                ))}
                <Table.Td ta="right" className={`${classes.wideOnly} ${classes.threshold}`}>
                  <Threshold rater={rater} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}


export function RaterName({ rater }: { rater: Rater }) {
  return (
    <>
      <RaterTitle name={rater.name} kind={rater.kind} session={rater.session} simulated={rater.is_simulated} />
      {rater.cannot_assess > 0 && (
        <Text size="xs" className="muted">
          {t("cannot_assess", { count: rater.cannot_assess })}
        </Text>
      )}
    </>
  );
}

interface RaterTitleProps {
  name: string;
  kind: Rater["kind"];
  session?: number | null;
  simulated?: boolean;
}

export function RaterTitle({ name, kind, session, simulated }: RaterTitleProps) {
  const word = kind === "model" ? t("model") : t("reader");
  return (
    <>
      <Text fw={600} size="sm">
        {name}
      </Text>
      <Group gap={6}>
        <Text size="xs" className="muted">
          {[word, session != null && t("session", { number: session })].filter(Boolean).join(", ")}
        </Text>
        {simulated && (
          <Badge size="sm" color="gray">
            {t("simulated")}
          </Badge>
        )}
      </Group>
    </>
  );
}

function RaterFigure({ rater, column, level }: { rater: Rater; column: FigureName; level: number }) {
  const figure = rater[column];
  const counts =
    "numerator" in figure && figure.numerator != null && figure.denominator != null
      ? t("counts", { numerator: figure.numerator, denominator: figure.denominator })
      : "";
  const of = column === "auc" ? t(rater.auc.of === "confidence" ? "of_confidence" : "of_probability") : "";
  const interval =
    figure.low != null && figure.high != null
      ? t("interval_of", { level: percent(level), low: number(figure.low, 4), high: number(figure.high, 4) })
      : "";
  return (
    <FigureCell
      value={valueText(figure)}
      below={intervalText(figure)}
      label={t("what_is", { name: t(column), rater: rater.name })}
      isUndefined={figure.value == null}
      about={[
        <b key="name">{`${t(column)}, ${rater.name}`}</b>,
        t(`${column}_about`),
        figure.undefined && t("why_undefined", { reason: figure.undefined }),
        [counts, of, interval].filter(Boolean).join(" · "),
        interval && t("method", { method: methodText(figure.method) }),
        figure.note,
      ]}
    />
  );
}

function Threshold({ rater }: { rater: Rater }) {
  if (rater.threshold == null) return <>–</>;
  return (
    <FigureCell
      value={number(rater.threshold, 3)}
      below={fixedWhen(rater)}
      wraps
      label={t("what_is", { name: t("threshold"), rater: rater.name })}
      about={[<b key="name">{`${t("threshold")}, ${rater.name}`}</b>, t("threshold_about"), rater.threshold_rule, fixedWhen(rater)]}
    />
  );
}
