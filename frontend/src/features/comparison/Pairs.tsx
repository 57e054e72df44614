import { List, Table, Text } from "@mantine/core";
import { Fragment } from "react";
import { Panel } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { FigureCell } from "./FigureCell";
import { methodText, type Pair, pText, type Result, signed, signedInterval } from "./figures";
import { NumberHead } from "./NumberHead";
import { t } from "./text";
import classes from "./comparison.module.css";

export function Pairs({ result }: { result: Result }) {
  if (result.pairs.length === 0) return <Panel title={t("pairs")}>{t("pairs_none")}</Panel>;
  return (
    <Panel title={t("pairs")} lead={t("pairs_lead")} flush>
      <Table.ScrollContainer minWidth={720}>
        <Table className={classes.raters} horizontalSpacing={10}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("quantity")}</Table.Th>
              <NumberHead label={t("n")} about={t("n_about")} />
              <NumberHead label={t("only_first")} about={t("only_about")} />
              <NumberHead label={t("only_second")} about={t("only_about")} />
              <NumberHead label={t("both_right")} />
              <NumberHead label={t("both_wrong")} />
              <NumberHead label={t("difference")} about={t("difference_about")} />
              <NumberHead label={t("p_exact")} about={t("p_exact_about")} />
              <NumberHead label={t("p_mid")} about={t("p_mid_about")} />
              <NumberHead label={t("p_holm")} about={t("p_holm_about")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.pairs.map((pair) => (
              <PairRows key={`${pair.first} ${pair.second}`} pair={pair} level={result.level} primary={result.primary_endpoint} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Statements pairs={result.pairs} primary={result.primary_endpoint} />
    </Panel>
  );
}


function PairRows({ pair, level, primary }: { pair: Pair; level: number; primary: string }) {
  const name = t("pair", { first: pair.first_name, second: pair.second_name });
  return (
    <Fragment>
      <Table.Tr className={classes.pairHead}>
        <Table.Th colSpan={10} scope="rowgroup">
          {name}
        </Table.Th>
      </Table.Tr>
      {(["sensitivity", "specificity"] as const).map((quantity) => {
        const found = pair[quantity];
        const { difference } = found;
        return (
          <Table.Tr key={quantity} data-primary={quantity === primary || undefined}>
            <Table.Td>{t(quantity)}</Table.Td>
            {[found.n, found.b, found.c, found.both_right, found.both_wrong].map((count, index) => (
              <Table.Td ta="right" key={index}>
                {number(count)}
              </Table.Td>
            ))}
            <Table.Td ta="right">
              <FigureCell
                value={difference.value == null ? t("undefined") : signed(difference.value)}
                below={signedInterval(difference)}
                isUndefined={difference.value == null}
                label={t("what_is", { name: `${t("difference")}, ${t(quantity)}`, rater: name })}
                about={[
                  <b key="name">{`${t(quantity)}: ${name}`}</b>,
                  t("difference_about"),
                  difference.undefined && t("why_undefined", { reason: difference.undefined }),
                  difference.value != null && t("method", { method: `${percent(level)}, ${methodText(difference.method)}` }),
                  difference.note,
                  found.attainable?.statement,
                ]}
              />
            </Table.Td>
            {found.p_clustered == null ? (
              <>
                <Table.Td ta="right">{pText(found.p_exact)}</Table.Td>
                <Table.Td ta="right">{pText(found.p_mid)}</Table.Td>
              </>
            ) : (
              <Table.Td ta="right" colSpan={2}>
                {t("p_clustered", { p: pText(found.p_clustered) })}
              </Table.Td>
            )}
            <Table.Td ta="right">{pText(found.p_holm)}</Table.Td>
          </Table.Tr>
        );
      })}
      {pair.auc && <AucRow pair={pair} auc={pair.auc} name={name} level={level} primary={primary} />}
    </Fragment>
  );
}

interface AucRowProps {
  pair: Pair;
  auc: NonNullable<Pair["auc"]>;
  name: string;
  level: number;
  primary: string;
}

function AucRow({ pair, auc, name, level, primary }: AucRowProps) {
  return (
    <Table.Tr data-primary={primary === "auc" || undefined}>
      <Table.Td>{t("auc")}</Table.Td>
      <Table.Td ta="right">{number(pair.n)}</Table.Td>
      <Table.Td colSpan={4} />
      <Table.Td ta="right">
        <FigureCell
          value={auc.value == null ? t("undefined") : signed(auc.value)}
          below={signedInterval(auc)}
          isUndefined={auc.value == null}
          label={t("what_is", { name: `${t("difference")}, ${t("auc")}`, rater: name })}
          about={[
            <b key="name">{`${t("auc")}: ${name}`}</b>,
            t("difference_about"),
            auc.undefined && t("why_undefined", { reason: auc.undefined }),
            auc.value != null && t("method", { method: `${percent(level)}, ${methodText(auc.method)}` }),
            auc.note,
          ]}
        />
      </Table.Td>
      <Table.Td ta="right" colSpan={2}>
        {auc.p_value == null ? t("undefined") : t("p_delong", { p: pText(auc.p_value) })}
      </Table.Td>
      <Table.Td ta="right">{pText(auc.p_holm)}</Table.Td>
    </Table.Tr>
  );
}

/** What the margins allow, in the server's words: of the primary endpoint at once, of the other figure on demand. */
function Statements({ pairs, primary }: { pairs: readonly Pair[]; primary: string }) {
  const rows = pairs.flatMap((pair) =>
    (["sensitivity", "specificity"] as const).flatMap((quantity) => {
      const statement = pair[quantity].attainable?.statement;
      const name = `${t(quantity)}, ${t("pair", { first: pair.first_name, second: pair.second_name })}`;
      return statement ? [{ name, quantity, statement }] : [];
    }),
  );
  if (rows.length === 0) return null;
  const first = rows.length > 6 && primary !== "auc" ? rows.filter(({ quantity }) => quantity === primary) : rows;
  const others = rows.filter((row) => !first.includes(row));
  return (
    <div className={classes.statements}>
      <Text fw={600} size="sm" mb={4}>
        {t("statements")}
      </Text>
      <StatementList rows={first} />
      {others.length > 0 && (
        <details>
          <summary>{t("statements_more", { count: others.length })}</summary>
          <StatementList rows={others} />
        </details>
      )}
    </div>
  );
}

function StatementList({ rows }: { rows: readonly { name: string; statement: string }[] }) {
  return (
    <List size="sm" spacing={3}>
      {rows.map(({ name, statement }) => (
        <List.Item key={name}>
          <span className="muted">{name + ": "}</span>
          {statement}
        </List.Item>
      ))}
    </List>
  );
}
