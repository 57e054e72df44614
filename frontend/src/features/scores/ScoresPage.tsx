import { Alert, Button, Group, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { Confirm, EmptyState, JobProgress, Loaded, Panel } from "@/shared/components";
import { isActive, partDone, partWord, pollWhile, RunFrame, useRun } from "@/shared/runs";
import { ScoredPart } from "./ScoredPart";
import { t } from "./text";
import { Touches } from "./Touches";

type Run = Schemas["RunDetail"];
type Part = "test" | "validation";

export function Component() {
  const { runId, query } = useRun();
  return (
    <RunFrame runId={runId} query={query}>
      {(run) =>
        run.job.status === "succeeded" ? (
          <Scores run={run} />
        ) : (
          <Panel>
            <EmptyState title={t("not_finished")} detail={t("not_finished_detail")} />
          </Panel>
        )
      }
    </RunFrame>
  );
}

function Scores({ run }: { run: Run }) {
  const { path } = useRun();
  const [part, setPart] = useState<Part>("test");
  const [asking, setAsking] = useState(false);
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/runs/{run_id}/scorings",
    { params: { path } },
    { refetchInterval: ({ state }) => pollWhile(state.data?.scorings.some(({ job }) => isActive(job))), staleTime: 0 },
  );
  return (
    <Loaded query={query} height={400}>
      {({ scorings, test_part_touches: touches }) => {
        const scoring = scorings.find((one) => one.part === part);
        return (
          <>
            <SegmentedControl
              value={part}
              onChange={(value) => setPart(value as Part)}
              data={(["test", "validation"] as const).map((value) => ({ value, label: partWord(value) }))}
              aria-label={t("part")}
              style={{ alignSelf: "flex-start" }}
            />
            {part === "test" ? (
              <Seal scoring={scoring} onAsk={() => setAsking(true)} />
            ) : (
              !scoring && <OpenPart onAsk={() => setAsking(true)} />
            )}
            {scoring && <ScoringState scoring={scoring} onAsk={() => setAsking(true)} />}
            {scoring?.job.status === "succeeded" && run.threshold != null && (
              <ScoredPart run={run} scoring={scoring} threshold={run.threshold} />
            )}
            <Touches touches={touches} version={run.dataset_version} run={run.name} />
            <ScoreDialog run={run} part={part} touches={touches.length} opened={asking} onClose={() => setAsking(false)} />
          </>
        );
      }}
    </Loaded>
  );
}

function Seal({ scoring, onAsk }: { scoring: Schemas["Scoring"] | undefined; onAsk: () => void }) {
  if (scoring) {
    return (
      <Alert color="gray" variant="light" icon={<IconLockOpen />} title={t("touched_title")}>
        {t("touched_detail")}
      </Alert>
    );
  }
  return (
    <Alert variant="light" icon={<IconLock />} title={t("sealed_title")}>
      <Text size="sm" maw="85ch">
        {t("sealed_detail")}
      </Text>
      <Button mt="sm" onClick={onAsk}>
        {t("score_test")}
      </Button>
    </Alert>
  );
}

function OpenPart({ onAsk }: { onAsk: () => void }) {
  return (
    <Panel>
      <Group justify="space-between">
        <Text maw="75ch">{t("score_validation_detail")}</Text>
        <Button onClick={onAsk}>{t("score_validation")}</Button>
      </Group>
    </Panel>
  );
}

function ScoringState({ scoring, onAsk }: { scoring: Schemas["Scoring"]; onAsk: () => void }) {
  const { job } = scoring;
  if (job.status === "succeeded") return null;
  return (
    <Panel>
      <JobProgress
        status={job.status}
        doing={job.status === "queued" ? t("waiting") : t("doing")}
        part={partDone(job)}
        workerLost={job.worker_lost}
        failure={job.status === "failed" ? { reason: job.failure_reason, advice: job.failure_advice } : null}
        actions={
          !isActive(job) && (
            <Button size="xs" onClick={onAsk}>
              {t(scoring.part === "test" ? "score_test" : "score_validation")}
            </Button>
          )
        }
      />
    </Panel>
  );
}

interface ScoreDialogProps {
  run: Run;
  part: Part;
  touches: number;
  opened: boolean;
  onClose: () => void;
}

function ScoreDialog({ run, part, touches, opened, onClose }: ScoreDialogProps) {
  const { path } = useRun();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const score = api.useMutation("post", "/api/v1/studies/{slug}/runs/{run_id}/scorings", {
    onSuccess: () =>
      queries.invalidateQueries({
        queryKey: api.queryOptions("get", "/api/v1/studies/{slug}/runs/{run_id}/scorings", { params: { path } }).queryKey,
      }),
  });
  const isTest = part === "test";
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t(isTest ? "confirm_title" : "confirm_validation_title")}
      confirm={t(isTest ? "score_test" : "score_validation")}
      disabled={!reason.trim()}
      onConfirm={() => score.mutateAsync({ params: { path }, body: { part, reason: reason.trim() } })}
    >
      <Stack gap="sm">
        <Text size="sm">
          {isTest
            ? t("confirm_detail", { count: touches + 1, version: run.dataset_version })
            : t("score_validation_detail")}
        </Text>
        <Textarea
          label={t("reason")}
          description={t("reason_about")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={2}
          required
          data-autofocus
        />
      </Stack>
    </Confirm>
  );
}
