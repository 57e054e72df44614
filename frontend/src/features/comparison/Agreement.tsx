import { Table } from "@mantine/core";
import { Panel } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { FigureCell } from "./FigureCell";
import { intervalText, methodText, type Result, valueText } from "./figures";
import { NumberHead } from "./NumberHead";
import { t } from "./text";
import classes from "./comparison.module.css";

type Pair = Result["agreement"]["pairs"][number];
const KINDS = ["inter", "intra", "model_reader"] as const;

/** How far the calls agree, whatever the truth: between readers, of one reader in two sessions, of a model and a reader. */
export function Agreement({ result }: { result: Result }) {
  const { pairs, readers } = result.agreement;
  if (pairs.length === 0) return null;
  return (
    <Panel title={t("agreement")} lead={t("agreement_lead")} flush>
      <Table.ScrollContainer minWidth={720}>
        <Table className={classes.raters} horizontalSpacing={10}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("agreement_pair")}</Table.Th>
              <NumberHead label={t("n")} about={t("agreement_n_about")} />
              <NumberHead label={t("both_loose")} />
              <NumberHead label={t("both_well_fixed")} />
              <NumberHead label={t("agree")} about={t("agree_about")} />
              <NumberHead label={t("kappa")} about={t("kappa_about")} />
              <NumberHead label={t("pabak")} about={t("pabak_about")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {KINDS.map((kind) => (
              <Kind key={kind} kind={kind} pairs={pairs.filter(({ between }) => between === kind)} level={result.level} />
            ))}
            {readers && (
              <Table.Tr>
                <Table.Td>{t("fleiss", { names: readers.names.join(", ") })}</Table.Td>
                <Table.Td ta="right">{number(readers.n)}</Table.Td>
                <Table.Td colSpan={3} />
                <Table.Td ta="right">
                  <Kappa name={t("fleiss", { names: readers.names.join(", ") })} figure={readers.fleiss} level={result.level} />
                </Table.Td>
                <Table.Td />
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}

function Kind({ kind, pairs, level }: { kind: (typeof KINDS)[number]; pairs: readonly Pair[]; level: number }) {
  if (pairs.length === 0) return null;
  return (
    <>
      <Table.Tr className={classes.pairHead}>
        <Table.Th colSpan={7} scope="rowgroup">
          {t(`between_${kind}`)}
        </Table.Th>
      </Table.Tr>
      {pairs.map((pair) => {
        const name = t("pair", { first: pair.first_name, second: pair.second_name });
        return (
          <Table.Tr key={`${pair.first} ${pair.second}`}>
            <Table.Td>{name}</Table.Td>
            <Table.Td ta="right">
              {number(pair.n)}
              {pair.left_out > 0 && <span className="muted">{" " + t("left_out", { count: pair.left_out })}</span>}
            </Table.Td>
            <Table.Td ta="right">{number(pair.both_loose)}</Table.Td>
            <Table.Td ta="right">{number(pair.both_well_fixed)}</Table.Td>
            <Table.Td ta="right">{pair.agreement == null ? t("undefined") : percent(pair.agreement, 1)}</Table.Td>
            <Table.Td ta="right">
              <Kappa name={`${t("kappa")}, ${name}`} figure={pair.kappa} level={level} />
            </Table.Td>
            <Table.Td ta="right">
              <Kappa name={`${t("pabak")}, ${name}`} figure={pair.pabak} level={level} />
            </Table.Td>
          </Table.Tr>
        );
      })}
    </>
  );
}

function Kappa({ name, figure, level }: { name: string; figure: Pair["kappa"]; level: number }) {
  return (
    <FigureCell
      value={valueText(figure)}
      below={intervalText(figure)}
      isUndefined={figure.value == null}
      label={t("what_is", { name: t("kappa"), rater: name })}
      about={[
        <b key="name">{name}</b>,
        t("kappa_about"),
        figure.undefined && t("why_undefined", { reason: figure.undefined }),
        figure.method && t("method", { method: `${percent(level)}, ${methodText(figure.method)}` }),
        figure.note,
      ]}
    />
  );
}
