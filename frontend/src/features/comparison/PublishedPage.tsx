import { Alert, List, Table } from "@mantine/core";
import { IconBook2 } from "@tabler/icons-react";
import { api, type Schemas } from "@/shared/api";
import { Loaded, Page, Panel, TextLink } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { FigureCell } from "./FigureCell";
import { intervalText, methodText, pText, signed, signedInterval, valueText } from "./figures";
import { NumberHead } from "./NumberHead";
import { RaterTitle } from "./RaterTable";
import { t } from "./text";
import classes from "./comparison.module.css";

type Published = Schemas["PublishedStudy"];
type Rater = Published["raters"][number];
const COUNTS = ["tp", "fp", "fn", "tn"] as const;

/** The study that Lucency set out to reproduce, with the intervals that it lacked. */
export function Component() {
  const slug = useSlug();
  const query = api.useQuery("get", "/api/v1/studies/{slug}/comparisons/published", { params: { path: { slug } } });
  return (
    <div className={classes.report}>
      <Page
        title={t("published_title")}
        lead={t("published_lead")}
        above={<TextLink to={`/studies/${slug}/comparisons`}>{t("back")}</TextLink>}
      >
        <Alert variant="light" icon={<IconBook2 />} title={t("published_apart")}>
          {t("published_apart_detail")}
        </Alert>
        <Loaded query={query} height={420}>
          {(study) => <Study study={study} />}
        </Loaded>
      </Page>
    </div>
  );
}

function Study({ study }: { study: Published }) {
  return (
    <>
      <Panel
        title={t("table")}
        lead={t("published_cases", { loose: study.loose, well_fixed: study.well_fixed })}
        flush
      >
        <Table.ScrollContainer minWidth={720}>
          <Table className={classes.raters} horizontalSpacing={10}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("rater")}</Table.Th>
                {COUNTS.map((count) => (
                  <NumberHead key={count} label={t(count)} about={t(`${count}_about`)} />
                ))}
                <NumberHead label={t("sensitivity")} about={t("published_both_about")} />
                <NumberHead label={t("specificity")} about={t("published_both_about")} />
                <NumberHead label={t("auc")} about={t("published_auc_about")} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {study.raters.map((rater) => (
                <Table.Tr key={rater.name}>
                  <Table.Td>
                    <RaterTitle name={rater.name} kind={rater.kind} />
                  </Table.Td>
                  {COUNTS.map((count) => (
                    <Table.Td key={count} ta="right">
                      {rater.counts ? number(rater.counts[count]) : "–"}
                    </Table.Td>
                  ))}
                  <Table.Td ta="right">
                    <Share rater={rater} which="sensitivity" />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Share rater={rater} which="specificity" />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Cell rater={rater} figure={rater.auc} name={t("auc")} about={t("published_auc_about")} digits={2} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Panel>
      <Pairs study={study} />
      <Panel title={t("cannot_show")} lead={t("published_remarks_lead")}>
        <List size="sm" spacing={7}>
          {study.remarks.map((remark) => (
            <List.Item key={remark}>{remark}</List.Item>
          ))}
        </List>
      </Panel>
    </>
  );
}

interface CellProps {
  rater: Rater;
  figure: Rater["auc"];
  name: string;
  about: string;
  exact?: Rater["sensitivity_exact"];
  digits?: number;
}

function Cell({ rater, figure, name, about, exact, digits = 3 }: CellProps) {
  return (
    <FigureCell
      value={figure.value == null ? t(rater.kind === "reader" ? "none" : "not_published") : valueText(figure, digits)}
      below={intervalText(figure)}
      isUndefined={figure.value == null}
      label={t("what_is", { name, rater: rater.name })}
      about={[
        <b key="name">{`${name}, ${rater.name}`}</b>,
        about,
        figure.undefined && t("why_undefined", { reason: figure.undefined }),
        figure.method && t("method", { method: methodText(figure.method) }),
        exact?.low != null && exact.high != null && t("published_exact", { low: number(exact.low, 3), high: number(exact.high, 3) }),
      ]}
    />
  );
}

function Share({ rater, which }: { rater: Rater; which: "sensitivity" | "specificity" }) {
  return <Cell rater={rater} figure={rater[which]} name={t(which)} about={t(`${which}_about`)} exact={rater[`${which}_exact`]} />;
}

function Pairs({ study }: { study: Published }) {
  const range = (values: readonly number[]) =>
    values.length === 1 ? number(values[0] ?? 0) : t("published_range", { low: Math.min(...values), high: Math.max(...values) });
  return (
    <Panel title={t("pairs")} lead={t("published_pairs_lead")} flush>
      <Table.ScrollContainer minWidth={720}>
        <Table className={classes.raters} horizontalSpacing={10}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("quantity")}</Table.Th>
              <NumberHead label={t("n")} />
              <NumberHead label={t("only_first")} about={t("only_about")} />
              <NumberHead label={t("only_second")} about={t("only_about")} />
              <NumberHead label={t("difference")} about={t("difference_about")} />
              <NumberHead label={t("p_exact")} about={t("p_exact_about")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {study.pairs.map((pair) => (
              <Table.Tr key={pair.quantity}>
                <Table.Td>{`${t(pair.quantity === "sensitivity" ? "sensitivity" : "specificity")}: ${t("pair", { first: pair.first, second: pair.second })}`}</Table.Td>
                <Table.Td ta="right">{number(pair.n)}</Table.Td>
                <Table.Td ta="right">{range(pair.only_first)}</Table.Td>
                <Table.Td ta="right">{range(pair.only_second)}</Table.Td>
                <Table.Td ta="right">
                  <FigureCell
                    value={pair.difference.value == null ? t("undefined") : signed(pair.difference.value)}
                    below={signedInterval(pair.difference)}
                    label={t("what_is", { name: t("difference"), rater: pair.quantity })}
                    about={[t("difference_about"), pair.difference.note, pair.statement]}
                  />
                </Table.Td>
                <Table.Td ta="right">
                  {pair.p_low === pair.p_high ? pText(pair.p_low) : `${pText(pair.p_low)} – ${pText(pair.p_high)}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
