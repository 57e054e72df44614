import { Badge, Group, Progress, Stack, Text } from "@mantine/core";
import { IconAdjustmentsSearch, IconChartLine, IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, EmptyState, LinkButton, Loaded, Page, Panel, StatusBadge, TextLink, When } from "@/shared/components";
import { duration, number, percent } from "@/shared/messages";
import { isActive, partDone, pollWhile, secondsLeft } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { metric, validationAuc } from "./metrics";
import { SearchesPanel } from "./SearchesPanel";
import { t } from "./text";

type Run = Schemas["Run"];

export function Component() {
  const slug = useSlug();
  const navigate = useNavigate();
  const base = `/studies/${slug}/training`;
  const runs = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/runs",
    { params: { path: { slug } } },
    { refetchInterval: ({ state }) => pollWhile(state.data?.some(({ job }) => isActive(job))), staleTime: 0 },
  );
  const start = (
    <LinkButton to={`${base}/new`} leftSection={<IconPlayerPlay size={16} />}>
      {t("new")}
    </LinkButton>
  );
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Actions base={base} runs={runs.data ?? []} start={start} />}>
      <Panel flush>
        <Loaded query={runs}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState title={t("empty")} detail={t("empty_detail")} action={start} />
            ) : (
              <DataTable
                rows={rows}
                columns={columns(base)}
                rowKey={({ id }) => id}
                exportName={`${slug}-training-runs`}
                onRowClick={({ id }) => void navigate(`${base}/${id}`)}
              />
            )
          }
        </Loaded>
      </Panel>
      <SearchesPanel />
    </Page>
  );
}

function Actions({ base, runs, start }: { base: string; runs: readonly Run[]; start: ReactNode }) {
  const latest = runs.slice(0, 2).map(({ id }) => id);
  return (
    <>
      {latest.length === 2 && (
        <LinkButton to={`${base}/compare?runs=${latest.join(",")}`} variant="default" leftSection={<IconChartLine size={16} />}>
          {t("compare")}
        </LinkButton>
      )}
      <LinkButton to={`${base}/search`} variant="default" leftSection={<IconAdjustmentsSearch size={16} />}>
        {t("search_new")}
      </LinkButton>
      {start}
    </>
  );
}

function columns(base: string): Column<Run>[] {
  return [
    {
      key: "run",
      label: t("column_name"),
      value: ({ name, tags }) => [name, ...tags].join(" · "),
      show: (run) => (
        <Stack gap={0}>
          <TextLink to={`${base}/${run.id}`}>{run.name}</TextLink>
          <Group gap={6}>
            <Text size="xs" className="muted">
              {run.backbone}
            </Text>
            {run.tags.map((tag) => (
              <Badge key={tag} size="xs" color="gray" tt="none">
                {tag}
              </Badge>
            ))}
          </Group>
        </Stack>
      ),
    },
    { key: "state", label: t("column_state"), value: ({ job }) => job.status, show: (run) => <RunState run={run} />, width: 220 },
    {
      key: "validation_auc",
      label: t("column_auc"),
      value: (run) => validationAuc(run),
      show: (run) => <Auc run={run} />,
      number: true,
      width: 150,
    },
    {
      key: "epochs",
      label: t("column_epochs"),
      value: ({ epochs }) => epochs.length,
      show: ({ epochs, job }) => `${number(epochs.length)} / ${number(job.progress_total)}`,
      number: true,
      width: 104,
    },
    {
      key: "dataset",
      label: t("column_dataset"),
      value: ({ dataset_version }) => dataset_version,
      show: (run) => (
        <Group gap={6} wrap="nowrap">
          {t("dataset_short", { number: run.dataset_version })}
          {run.dataset_is_stale && <Badge color="yellow">{t("stale")}</Badge>}
        </Group>
      ),
      width: 150,
    },
    { key: "started_by", label: t("column_by"), value: ({ started_by }) => started_by ?? t("by_program"), wideOnly: true },
    { key: "queued", label: t("column_queued"), value: ({ job }) => job.queued_at, show: ({ job }) => <When at={job.queued_at} />, width: 130, wideOnly: true },
  ];
}

function Auc({ run }: { run: Run }) {
  const auc = validationAuc(run);
  if (auc == null) return <>–</>;
  const soFar = metric(run.validation_metrics, "validation_auc") == null;
  return (
    <>
      {number(auc, 3)}
      {soFar && (
        <Text size="xs" className="muted">
          {t("so_far")}
        </Text>
      )}
    </>
  );
}

function RunState({ run }: { run: Run }) {
  const { job } = run;
  const part = partDone(job);
  const left = secondsLeft(run);
  const detail =
    job.status === "queued" && run.queue_position != null
      ? t("queue", { count: run.queue_position + 1 })
      : job.status === "running"
        ? [part != null && percent(part), left != null && t("left", { time: duration(left) })].filter(Boolean).join(" · ")
        : job.status === "failed"
          ? job.failure_reason
          : "";
  return (
    <Stack gap={4}>
      <Group gap={6}>
        <StatusBadge status={job.status} />
        {job.worker_lost && <Badge color="yellow">{t("worker_lost_short")}</Badge>}
        {run.test_scored && <Badge color="gray">{t("tested")}</Badge>}
      </Group>
      {detail && (
        <Text size="xs" className="muted" lineClamp={2}>
          {detail}
        </Text>
      )}
      {job.status === "running" && (
        <Progress size={4} value={100 * (part ?? 0)} aria-label={t("epochs_done", { done: job.progress_done, all: job.progress_total })} />
      )}
    </Stack>
  );
}
