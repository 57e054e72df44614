import { Badge, Button, Table, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/shared/api";
import { EmptyState, ErrorNotice, JobProgress, Loaded, Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { isActive, partDone, pollWhile, useRun } from "@/shared/runs";
import { methodTitle, t, testTitle, verdictWord } from "./text";

type Quality = Schemas["MapQuality"];
type Finding = Schemas["MapFinding"];

const COLOURS: Record<string, string> = { passes: "teal", fails: "red", cannot_be_said: "gray" };
const STAGES = ["output", "head", "half", "all"] as const;

/** What is known of a method's maps of this model; a method without a panel says so. */
export function QualityPanel({ method }: { method: string }) {
  const { path } = useRun();
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/runs/{run_id}/map-quality",
    { params: { path } },
    { refetchInterval: ({ state }) => pollWhile(state.data?.some(({ job }) => isActive(job))), staleTime: 0 },
  );
  return (
    <Loaded query={query} height={160}>
      {(panels) => <OfMethod method={method} quality={panels.find((one) => one.method === method)} />}
    </Loaded>
  );
}

function OfMethod({ method, quality }: { method: string; quality: Quality | undefined }) {
  const { path } = useRun();
  const queries = useQueryClient();
  const judge = api.useMutation("post", "/api/v1/studies/{slug}/runs/{run_id}/map-quality", {
    onSuccess: () =>
      queries.invalidateQueries({
        queryKey: api.queryOptions("get", "/api/v1/studies/{slug}/runs/{run_id}/map-quality", { params: { path } }).queryKey,
      }),
  });
  const button = (
    <Button variant="default" loading={judge.isPending} onClick={() => judge.mutate({ params: { path }, body: { method } })}>
      {t(quality ? "quality_again" : "quality_start")}
    </Button>
  );
  const title = t("quality", { method: methodTitle(method) });
  if (quality?.job.status === "succeeded") return <Findings title={title} quality={quality} />;
  return (
    <Panel title={title}>
      <ErrorNotice error={judge.error} />
      {quality ? (
        <JobProgress
          status={quality.job.status}
          doing={quality.job.status === "queued" ? t("waiting") : t("quality_doing")}
          part={partDone(quality.job)}
          workerLost={quality.job.worker_lost}
          failure={quality.job.status === "failed" ? { reason: quality.job.failure_reason, advice: quality.job.failure_advice } : null}
          actions={!isActive(quality.job) && button}
        />
      ) : (
        <EmptyState title={t("quality_none")} detail={t("quality_none_detail")} action={button} />
      )}
    </Panel>
  );
}

function Findings({ title, quality }: { title: string; quality: Quality }) {
  return (
    <Panel title={title} lead={t("quality_lead", { count: quality.cases.length })} flush>
      <Table verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={210}>{t("quality_test")}</Table.Th>
            <Table.Th w={160}>{t("quality_verdict")}</Table.Th>
            <Table.Th>{t("quality_reason")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {quality.findings.map((finding) => (
            <Table.Tr key={finding.test}>
              <Table.Td>{testTitle(finding.test)}</Table.Td>
              <Table.Td>
                <Badge color={COLOURS[finding.verdict] ?? "gray"} miw="max-content">{verdictWord(finding.verdict)}</Badge>
              </Table.Td>
              <Table.Td>
                <Text size="sm">{finding.reason}</Text>
                {finding.test === "randomisation" && <Stages finding={finding} />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function Stages({ finding }: { finding: Finding }) {
  const shown = (name: string) => {
    const value = finding.figures[name];
    return value == null ? "–" : number(value, 2);
  };
  const rows = STAGES.map((stage) =>
    t("stage_row", { stage: t(`stage.${stage}`), similarity: shown(`${stage}_similarity`), rank: shown(`${stage}_rank_correlation`) }),
  );
  return (
    <Text size="xs" className="muted numbers" title={t("stages")}>
      {rows.join(" · ")}
    </Text>
  );
}
