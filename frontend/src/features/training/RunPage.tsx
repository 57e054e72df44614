import { Button, Grid, Group, SimpleGrid } from "@mantine/core";
import { IconCopy, IconDownload, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { Confirm, JobProgress, LinkButton, Panel, Stat } from "@/shared/components";
import { dateTime, duration, number } from "@/shared/messages";
import { isActive, partDone, RunFrame, secondsLeft, useRun } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { Curves } from "./Curves";
import { metric, validationAuc } from "./metrics";
import { Configuration, Environment, Hashes, Log } from "./RunRecords";
import { RunWords } from "./RunWords";
import { t } from "./text";

type Run = Schemas["RunDetail"];

export function Component() {
  const { runId, query } = useRun();
  return (
    <RunFrame runId={runId} query={query} actions={(run) => <Actions run={run} />}>
      {(run) => <RunBody run={run} />}
    </RunFrame>
  );
}

function RunBody({ run }: { run: Run }) {
  return (
    <>
      <Panel title={t("progress")}>
        <Progress run={run} />
      </Panel>
      {run.job.status === "succeeded" && <Figures run={run} />}
      <Curves run={run} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Configuration run={run} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <RunWords key={run.id} run={run} />
          <div style={{ height: 16 }} />
          <Log run={run} />
          <div style={{ height: 16 }} />
          <Hashes run={run} />
          <div style={{ height: 16 }} />
          <Environment run={run} />
        </Grid.Col>
      </Grid>
    </>
  );
}

const seconds = (from: string, to: string | null): number =>
  ((to ? new Date(to).getTime() : Date.now()) - new Date(from).getTime()) / 1000;

function doing({ job }: Run): string {
  if (job.cancel_requested) return t("cancelling");
  if (job.status === "queued") return t("doing_queued");
  if (job.status === "cancelled") return t("doing_cancelled");
  if (job.status === "succeeded" && job.started_at) {
    return t("doing_done", { time: duration(seconds(job.started_at, job.finished_at)) });
  }
  return job.status === "running" ? job.progress_note || t("doing_preparing") : "";
}

function Progress({ run }: { run: Run }) {
  const { job } = run;
  return (
    <>
      <JobProgress
        status={job.status}
        doing={doing(run)}
        part={partDone(job)}
        secondsLeft={secondsLeft(run)}
        workerLost={job.worker_lost}
        queuePosition={run.queue_position == null ? null : run.queue_position + 1}
        failure={job.status === "failed" ? { reason: job.failure_reason, advice: job.failure_advice } : null}
      />
      <Group gap="xl" mt="sm" className="muted numbers">
        <span>{t("epochs_done", { done: run.epochs.length, all: job.progress_total })}</span>
        {job.status === "running" && job.started_at && (
          <span>{t("elapsed", { time: duration(seconds(job.started_at, null)) })}</span>
        )}
        {job.attempts > 1 && <span>{t("attempt", { count: job.attempts })}</span>}
      </Group>
    </>
  );
}

function Figures({ run }: { run: Run }) {
  const { validation_metrics: metrics, threshold, threshold_rule: rule, threshold_fixed_at: fixed } = run;
  const shown = (value: number | null, digits = 3) => (value == null ? "–" : number(value, digits));
  const rules: Record<string, string> = {
    youden: t("threshold_rule.youden"),
    "sensitivity_0.90": t("threshold_rule.sensitivity_0.90"),
  };
  return (
    <Panel title={t("figures")} lead={t("figures_lead")}>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="lg">
        <Stat label={t("auc")} value={shown(validationAuc(run))} about={t("auc_about")} />
        <Stat label={t("loss")} value={shown(metric(metrics, "validation_loss"))} about={t("loss_about")} />
        <Stat
          label={t("threshold")}
          value={shown(threshold)}
          about={t("threshold_about")}
          detail={[rules[rule] ?? rule, fixed && t("fixed_at", { when: dateTime(fixed) })].filter(Boolean).join(", ")}
        />
        <Stat
          label={t("sensitivity")}
          value={shown(metric(metrics, "threshold_sensitivity"))}
          about={t("at_threshold_about")}
        />
        <Stat
          label={t("specificity")}
          value={shown(metric(metrics, "threshold_specificity"))}
          about={t("at_threshold_about")}
        />
        <Stat
          label={t("parameter_count")}
          value={run.parameter_count == null ? "–" : number(run.parameter_count)}
          about={t("parameter_count_about")}
        />
      </SimpleGrid>
    </Panel>
  );
}

function Actions({ run }: { run: Run }) {
  const slug = useSlug();
  const queries = useQueryClient();
  const [cancelling, setCancelling] = useState(false);
  const path = { slug, run_id: run.id };
  const refresh = () =>
    queries.invalidateQueries({
      queryKey: api.queryOptions("get", "/api/v1/studies/{slug}/runs/{run_id}", { params: { path } }).queryKey,
    });
  const cancel = api.useMutation("post", "/api/v1/studies/{slug}/runs/{run_id}/cancel", { onSuccess: refresh });
  const retry = api.useMutation("post", "/api/v1/studies/{slug}/runs/{run_id}/retry", { onSuccess: refresh });
  const { status, cancel_requested: requested } = run.job;
  return (
    <>
      <LinkButton to={`/studies/${slug}/training/new?clone=${run.id}`} variant="default" leftSection={<IconCopy size={16} />}>
        {t("clone")}
      </LinkButton>
      {isActive(run.job) && (
        <Button variant="default" disabled={requested} leftSection={<IconPlayerStop size={16} />} onClick={() => setCancelling(true)}>
          {t("cancel")}
        </Button>
      )}
      {(status === "failed" || status === "cancelled") && (
        <Button loading={retry.isPending} leftSection={<IconRefresh size={16} />} onClick={() => retry.mutate({ params: { path } })}>
          {t("retry")}
        </Button>
      )}
      {status === "succeeded" && (
        <Button
          component="a"
          href={`/api/v1/studies/${slug}/runs/${run.id}/model`}
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          {t("model_file")}
        </Button>
      )}
      {status === "succeeded" && (
        <LinkButton to={`/studies/${slug}/training/${run.id}/scores`}>{t("to_scores")}</LinkButton>
      )}
      <Confirm
        opened={cancelling}
        onClose={() => setCancelling(false)}
        title={t("cancel_title")}
        confirm={t("cancel")}
        danger
        onConfirm={() => cancel.mutateAsync({ params: { path } })}
      >
        {t("cancel_detail")}
      </Confirm>
    </>
  );
}
