import { Badge, Button, Code, Group, List, Table, Tabs, Text } from "@mantine/core";
import { IconDownload, IconPackage } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { EmptyState, ErrorNotice, JobProgress, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { bytes, number } from "@/shared/messages";
import { Hash, isActive, partDone, pollWhile } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { addressOf } from "./figureUrl";
import { GuidelineRows } from "./GuidelineRows";
import { t } from "./text";
import classes from "./report.module.css";

type Report = Schemas["Report"];

/** The archive of a comparison, and the reporting guidelines that go into it. */
export function Component() {
  const slug = useSlug();
  const id = Number(useParams().comparison);
  const path = { slug, comparison_id: id };
  const queries = useQueryClient();
  const reports = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/comparisons/{comparison_id}/reports",
    { params: { path } },
    { refetchInterval: ({ state }) => pollWhile(state.data?.some(({ job }) => isActive(job))), staleTime: 0 },
  );
  const build = api.useMutation("post", "/api/v1/studies/{slug}/comparisons/{comparison_id}/reports", {
    onSuccess: () => void queries.invalidateQueries({ queryKey: api.queryOptions("get", "/api/v1/studies/{slug}/comparisons/{comparison_id}/reports", { params: { path } }).queryKey }),
  });
  const busy = reports.data?.some(({ job }) => isActive(job)) ?? false;
  return (
    <Page
      title={t("report_title")}
      lead={t("report_lead")}
      above={<TextLink to={`/studies/${slug}/comparisons/${id}`}>{t("report_back")}</TextLink>}
      actions={
        <Button leftSection={<IconPackage size={16} />} onClick={() => build.mutate({ params: { path } })} loading={build.isPending} disabled={busy}>
          {t("report_build")}
        </Button>
      }
    >
      <ErrorNotice error={build.error} />
      <Panel title={t("report_archives")} lead={t("report_archives_lead")}>
        <Loaded query={reports} height={120}>
          {(found) =>
            found.length === 0 ? (
              <EmptyState title={t("report_none")} detail={t("report_none_detail")} />
            ) : (
              <div className={classes.reports}>
                {found.map((report) => (
                  <Archive key={report.id} report={report} address={addressOf(slug, id)} />
                ))}
              </div>
            )
          }
        </Loaded>
      </Panel>
      <Guidelines slug={slug} id={id} />
    </Page>
  );
}

function Archive({ report, address }: { report: Report; address: string }) {
  const { job } = report;
  if (job.status !== "succeeded")
    return (
      <JobProgress
        status={job.status}
        doing={job.progress_note || t("waiting")}
        part={partDone(job)}
        workerLost={job.worker_lost}
        failure={job.status === "failed" ? { reason: job.failure_reason, advice: job.failure_advice } : null}
      />
    );
  return (
    <article>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Group gap="xs">
            <Text fw={600}>{t("report_number", { number: report.id })}</Text>
            <Text size="sm" className="muted">
              <When at={job.finished_at ?? job.queued_at} />
              {" · " + (report.requested_by ?? t("by_program")) + " · " + bytes(report.size)}
            </Text>
          </Group>
          <Group gap={6}>
            <Text size="xs" className="muted">
              {t("report_hash")}
            </Text>
            <Hash value={report.sha256} />
          </Group>
        </div>
        <Button
          component="a"
          href={`${address}/reports/${report.id}/archive`}
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          {t("report_download")}
        </Button>
      </Group>
      <details>
        <summary>{t("report_files", { count: report.files.length })}</summary>
        <List size="sm" listStyleType="none" className={classes.files}>
          {report.files.map((file) => (
            <List.Item key={file.path}>
              <Code>{file.path}</Code> <span className="muted">{bytes(file.bytes)}</span>
            </List.Item>
          ))}
        </List>
      </details>
    </article>
  );
}

function Guidelines({ slug, id }: { slug: string; id: number }) {
  const query = api.useQuery("get", "/api/v1/studies/{slug}/comparisons/{comparison_id}/guidelines", {
    params: { path: { slug, comparison_id: id } },
  });
  return (
    <Panel title={t("guidelines")} lead={t("guidelines_lead")} flush>
      <Loaded query={query} height={420}>
        {(guidelines) => (
          <Tabs defaultValue={guidelines[0]?.key} keepMounted={false}>
            <Tabs.List px="md">
              {guidelines.map(({ key, title, rows }) => (
                <Tabs.Tab key={key} value={key}>
                  {title}{" "}
                  <Badge color="gray" size="sm" ml={4} title={t("guidelines_open")}>
                    {number(rows.filter(({ status }) => status === "not_reported").length)}
                  </Badge>
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {guidelines.map((guideline) => (
              <Tabs.Panel key={guideline.key} value={guideline.key}>
                <Text size="sm" className="muted" px="md" py="sm">
                  {guideline.numbering}
                </Text>
                <Table.ScrollContainer minWidth={760}>
                  <GuidelineRows slug={slug} id={id} guideline={guideline} />
                </Table.ScrollContainer>
              </Tabs.Panel>
            ))}
          </Tabs>
        )}
      </Loaded>
    </Panel>
  );
}
