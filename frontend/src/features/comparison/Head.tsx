import { List, SimpleGrid, Text } from "@mantine/core";
import type { Schemas } from "@/shared/api";
import { Panel, Stat, TextLink } from "@/shared/components";
import { dateTime, number } from "@/shared/messages";
import { Hash } from "@/shared/runs";
import { t } from "./text";
import classes from "./comparison.module.css";

interface HeadProps {
  comparison: Schemas["ComparisonDetail"];
  slug: string;
}

export function Head({ comparison, slug }: HeadProps) {
  const { result, job, test_part_touches: touches } = comparison;
  return (
    <Panel title={t("head")}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="lg">
        <Stat
          label={t("dataset")}
          value={<TextLink to={`/studies/${slug}/datasets/${comparison.dataset_version}`} inherit>{number(comparison.dataset_version)}</TextLink>}
          detail={comparison.dataset_name}
          about={t("dataset_about")}
        />
        <Stat
          label={t("case_count")}
          value={result ? number(result.cases) : "–"}
          about={t("case_count_about")}
          detail={result && t("case_count_detail", { positives: result.positives, negatives: result.negatives })}
        />
        <Stat label={t("patients")} value={result ? number(result.patients) : "–"} about={t("patients_about")} />
        <Stat label={t("touches")} value={number(comparison.test_part_touch_count)} about={t("touches_about")} />
      </SimpleGrid>
      {touches.length > 0 && (
        <List size="sm" mt="sm" className={classes.touches}>
          {touches.map(({ run, reason, by, at }) => (
            <List.Item key={at + run}>{t("touch", { run, reason, by: by ?? t("by_program"), when: dateTime(at) })}</List.Item>
          ))}
        </List>
      )}
      <dl className={classes.facts}>
        <dt>{t("endpoint")}</dt>
        <dd>
          <Text size="sm">{endpointText(comparison)}</Text>
        </dd>
        {result && <Fact label={t("dataset_hash")} hash={result.dataset_sha256} />}
        <Fact label={t("inputs_hash")} hash={comparison.inputs_sha256} />
        <Fact label={t("result_hash")} hash={comparison.result_sha256} />
        <dt>{t("made")}</dt>
        <dd>
          <Text size="sm">
            {dateTime(job.finished_at ?? job.queued_at) + " · " + (comparison.requested_by ?? t("by_program"))}
          </Text>
        </dd>
      </dl>
    </Panel>
  );
}

function endpointText({
  primary_endpoint: endpoint,
  endpoint_named_at: at,
  endpoint_named_before_first_touch: before,
}: HeadProps["comparison"]): string {
  const named = t("endpoint_named", { endpoint: t(endpoint), when: dateTime(at) });
  if (before == null) return named;
  return `${named} ${t(before ? "endpoint_before" : "endpoint_after")}`;
}

function Fact({ label, hash }: { label: string; hash: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <Hash value={hash} />
      </dd>
    </>
  );
}
