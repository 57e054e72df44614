import { Alert, Badge, Group, Progress, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { duration, percent, t } from "@/shared/messages";
import classes from "./Stat.module.css";

export type JobStatus = "queued" | "running" | "succeeded" | "failed" | "cancelled";

interface JobProgressProps {
  status: JobStatus;
  /** What is being done right now, in words. */
  doing?: string;
  /** How far, 0 to 1; unknown when null. */
  part?: number | null;
  secondsLeft?: number | null;
  /** 1 is next; shown while queued. */
  queuePosition?: number | null;
  /** The lease has run out and no worker has taken the job up. */
  workerLost?: boolean;
  /** Why it failed, and what can be done about it. */
  failure?: { reason: string; advice?: string } | null;
  actions?: ReactNode;
}

const COLOURS: Record<JobStatus, string> = {
  queued: "gray",
  running: "petrol",
  succeeded: "teal",
  failed: "red",
  cancelled: "gray",
};

export function StatusBadge({ status }: { status: JobStatus }) {
  return <Badge color={COLOURS[status]}>{t(`job.${status}`)}</Badge>;
}

export function JobProgress(props: JobProgressProps) {
  const { status, doing, part, secondsLeft, queuePosition, workerLost, failure, actions } = props;
  const active = status === "queued" || status === "running";
  const far = part ?? 0;
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={6} wrap="nowrap">
        <Group gap="xs">
          <StatusBadge status={status} />
          {status === "queued" && queuePosition ? (
            <Text size="sm">{t("job.queue_position", { count: queuePosition })}</Text>
          ) : (
            <Text size="sm">{doing}</Text>
          )}
        </Group>
        <Group gap="xs" wrap="nowrap">
          {status === "running" && part != null && (
            <Text size="sm" className={classes.detail}>
              {percent(far)}
              {secondsLeft != null && " · " + t("job.time_left", { time: duration(secondsLeft) })}
            </Text>
          )}
          {actions}
        </Group>
      </Group>
      {active && (
        <Progress
          value={status === "queued" ? 0 : part == null ? 100 : far * 100}
          animated={status === "running" && !workerLost}
          striped={part == null}
          aria-label={doing || t(`job.${status}`)}
        />
      )}
      {active && workerLost && (
        <Alert color="yellow" variant="light" mt="xs" role="status">
          {t("job.worker_lost")}
        </Alert>
      )}
      {status === "failed" && failure && (
        <Alert color="red" variant="light" mt="xs" title={failure.reason}>
          {failure.advice && t("job.advice", { advice: failure.advice })}
        </Alert>
      )}
    </div>
  );
}
