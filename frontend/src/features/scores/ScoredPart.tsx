import { Badge, Group, SegmentedControl, SimpleGrid, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Schemas } from "@/shared/api";
import { About, type Column, DataTable, Panel, Stat, TextLink } from "@/shared/components";
import { dateTime, number } from "@/shared/messages";
import { labelWord, partWord } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { type CalledCase, called, countOf, isWrong, type Outcome, worstFirst } from "./calls";
import { ScoreFigure } from "./ScoreFigure";
import { t } from "./text";

interface ScoredPartProps {
  run: Schemas["RunDetail"];
  scoring: Schemas["Scoring"];
  threshold: number;
}

const OUTCOMES: readonly Outcome[] = ["tp", "fp", "fn", "tn"];

export function ScoredPart({ run, scoring, threshold }: ScoredPartProps) {
  const slug = useSlug();
  const [order, setOrder] = useState("worst");
  const cases = useMemo(() => scoring.scores.map((score) => called(score, threshold)), [scoring.scores, threshold]);
  const rows = order === "worst" ? worstFirst(cases) : cases;
  const shown = number(threshold, 3);
  return (
    <>
      <Panel>
        <SimpleGrid cols={{ base: 3, md: 5 }} spacing="lg">
          {OUTCOMES.map((outcome) => (
            <Stat
              key={outcome}
              label={t(outcome)}
              value={number(countOf(cases, outcome))}
              about={t(`${outcome}_about`, { threshold: shown })}
            />
          ))}
          <Stat
            label={t("threshold")}
            value={shown}
            about={t("threshold_about", { when: run.threshold_fixed_at ? dateTime(run.threshold_fixed_at) : "–" })}
          />
        </SimpleGrid>
        <Text size="sm" className="muted" mt="md">
          {t("to_comparison") + " "}
          <TextLink to={`/studies/${slug}/comparisons/new`} size="sm" underline="always">
            {t("to_comparison_link")}
          </TextLink>
        </Text>
      </Panel>
      <Panel title={t("figure")}>
        <ScoreFigure cases={cases} threshold={threshold} name={`run-${run.id}-${scoring.part}`} />
      </Panel>
      <Panel title={t("table", { part: partWord(scoring.part).toLowerCase() })} flush>
        <DataTable
          key={order}
          rows={rows}
          columns={columns(slug, run.id)}
          rowKey={(scored) => scored.case}
          exportName={`${slug}-run-${run.id}-${scoring.part}-scores`}
          pageSize={100}
          tools={
            <SegmentedControl
              size="xs"
              value={order}
              onChange={setOrder}
              data={[
                { value: "worst", label: t("worst_first") },
                { value: "case", label: t("by_case") },
              ]}
            />
          }
        />
      </Panel>
    </>
  );
}

function columns(slug: string, runId: number): Column<CalledCase>[] {
  return [
    { key: "case", label: t("case"), value: (scored) => scored.case, number: true, width: 80 },
    { key: "label", label: t("label"), value: ({ label }) => label, show: ({ label }) => labelWord(label) },
    { key: "call", label: t("call"), value: ({ call }) => call, show: ({ call }) => labelWord(call) },
    {
      key: "result",
      label: t("result"),
      value: ({ outcome }) => outcome,
      show: (scored) =>
        isWrong(scored) ? (
          <Badge color="red">{t(scored.outcome === "fp" ? "false_positive" : "false_negative")}</Badge>
        ) : (
          <span className="muted">{t("correct")}</span>
        ),
      width: 150,
    },
    { key: "probability", label: t("probability"), value: ({ probability }) => probability, show: ({ probability }) => number(probability, 4), number: true, width: 120 },
    { key: "logit", label: t("logit"), value: ({ logit }) => logit, show: ({ logit }) => number(logit, 3), number: true, width: 100, wideOnly: true },
    {
      key: "error",
      label: (
        <Group gap={2} justify="flex-end" wrap="nowrap">
          {t("error")}
          <About>{t("error_about")}</About>
        </Group>
      ),
      value: ({ error }) => error,
      show: ({ error }) => number(error, 3),
      number: true,
      // The explanation in the heading is a button; one that sorts would hold a button in a button.
      sortable: false,
      width: 120,
    },
    {
      key: "map",
      label: t("maps"),
      value: () => "",
      show: (scored) => <TextLink to={`/studies/${slug}/training/${runId}/saliency?case=${scored.case}`}>{t("maps")}</TextLink>,
      sortable: false,
      width: 70,
    },
  ];
}
