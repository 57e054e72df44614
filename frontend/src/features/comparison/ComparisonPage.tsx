import { Alert, Badge, Button, Group } from "@mantine/core";
import { IconAlertTriangle, IconDownload, IconFileText, IconPrinter, IconRefresh } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { Confirm, JobProgress, LinkButton, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { percent, t as common } from "@/shared/messages";
import { isActive, partDone, partWord, pollWhile } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { AgainstPanel } from "./AgainstPanel";
import { Agreement } from "./Agreement";
import { Calibration } from "./Calibration";
import { Confusion } from "./Confusion";
import { Contents, type Section } from "./Contents";
import { Decision } from "./Decision";
import { Drawing } from "./Drawing";
import { figureUrl } from "./figureUrl";
import { Gallery } from "./Gallery";
import type { Result } from "./figures";
import { Head } from "./Head";
import { OperatingPoints } from "./OperatingPoints";
import { Pairs } from "./Pairs";
import { RaterTable } from "./RaterTable";
import { Remarks } from "./Remarks";
import { t } from "./text";
import classes from "./comparison.module.css";

type Comparison = Schemas["ComparisonDetail"];

export function Component() {
  const slug = useSlug();
  const id = Number(useParams().comparison);
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/comparisons/{comparison_id}",
    { params: { path: { slug, comparison_id: id } } },
    { refetchInterval: ({ state }) => pollWhile(state.data && isActive(state.data.job)) },
  );
  const comparison = query.data;
  return (
    <div className={classes.report}>
      <Page
        title={comparison?.title ?? common("loading")}
        above={<TextLink to={`/studies/${slug}/comparisons`}>{t("back")}</TextLink>}
        lead={
          comparison && (
            <Group gap="xs">
              {t("part_of", { part: partWord(comparison.part), number: comparison.dataset_version })}
              {comparison.is_stale && <Badge color="yellow">{t("stale")}</Badge>}
            </Group>
          )
        }
        actions={comparison && <Actions comparison={comparison} slug={slug} />}
      >
        <Loaded query={query} height={500}>
          {(loaded) => <Body comparison={loaded} slug={slug} />}
        </Loaded>
      </Page>
    </div>
  );
}

function Actions({ comparison, slug }: { comparison: Comparison; slug: string }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const again = api.useMutation("post", "/api/v1/studies/{slug}/comparisons/{comparison_id}/recompute");
  const recompute = async () => {
    const made = await again.mutateAsync({ params: { path: { slug, comparison_id: comparison.id } } });
    void navigate(`/studies/${slug}/comparisons/${made.id}`);
  };
  return (
    <Group gap="xs" className={classes.screenOnly}>
      <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => setAsking(true)}>
        {t("recompute")}
      </Button>
      <Button
        variant="default"
        component="a"
        href={`/api/v1/studies/${slug}/comparisons/${comparison.id}/rows.csv`}
        download
        title={t("rows_about")}
        leftSection={<IconDownload size={16} />}
      >
        {t("rows_csv")}
      </Button>
      <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
        {t("print")}
      </Button>
      {comparison.result && (
        <LinkButton to={`/studies/${slug}/comparisons/${comparison.id}/report`} leftSection={<IconFileText size={16} />}>
          {t("to_report")}
        </LinkButton>
      )}
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("recompute_title")}
        confirm={t("recompute")}
        onConfirm={recompute}
      >
        {t("recompute_detail")}
      </Confirm>
    </Group>
  );
}

function Body({ comparison, slug }: { comparison: Comparison; slug: string }) {
  const { job, result } = comparison;
  return (
    <>
      {comparison.is_stale && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle />} title={t("stale_title")}>
          {comparison.stale_reasons.join(" ")} {t("stale_detail")}
        </Alert>
      )}
      {job.status !== "succeeded" && (
        <Panel>
          <JobProgress
            status={job.status}
            doing={job.status === "queued" ? t("waiting") : t("doing")}
            part={partDone(job)}
            workerLost={job.worker_lost}
            failure={job.status === "failed" ? { reason: job.failure_reason, advice: job.failure_advice } : null}
          />
        </Panel>
      )}
      {comparison.made_by_earlier_version && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle />} title={t("earlier_title")}>
          {t("earlier_detail")}
        </Alert>
      )}
      <Head comparison={comparison} slug={slug} />
      {result && <Report comparison={comparison} result={result} slug={slug} />}
    </>
  );
}

function Report({ comparison, result, slug }: { comparison: Comparison; result: Result; slug: string }) {
  const { id, figures } = comparison;
  const name = `${slug}-comparison-${id}`;
  const figure = (which: string) => figureUrl(slug, id, which);
  const own = result.cases ? result.positives / result.cases : 0;
  const has = (which: string) => figures.includes(which);
  const parts: (Section & { body: ReactNode })[] = [
    { id: "table", title: t("section_table"), body: <RaterTable result={result} name={name} /> },
    {
      id: "roc",
      title: t("roc"),
      body: (
        <>
          <Panel title={t("roc")} lead={t("roc_lead", { level: percent(result.level) })}>
            <Drawing url={figure("roc")} caption={t("roc_caption")} />
          </Panel>
          <Remarks result={result} />
        </>
      ),
    },
    { id: "differences", title: t("section_differences"), body: <Differences result={result} url={has("differences") ? figure("differences") : null} /> },
    { id: "agreement", title: t("agreement"), body: <Agreement result={result} /> },
    ...(has("calibration")
      ? [
          { id: "calibration", title: t("calibration"), body: <Calibration result={result} url={figure("calibration")} /> },
          { id: "decision", title: t("decision"), body: <Decision slug={slug} id={id} own={own} /> },
        ]
      : []),
    { id: "subgroups", title: t("subgroups"), body: <Subgroups url={figure("subgroups")} /> },
    {
      id: "cases",
      title: t("section_cases"),
      body: (
        <>
          <Confusion raters={result.raters} />
          {comparison.cases_are_open ? <Gallery slug={slug} id={id} /> : <Panel title={t("gallery")}>{t("gallery_sealed")}</Panel>}
        </>
      ),
    },
  ];
  return (
    <>
      <Contents sections={parts} />
      {parts.map((part) => (
        <div key={part.id} id={part.id} className={classes.part}>
          {part.body}
        </div>
      ))}
    </>
  );
}

function Differences({ result, url }: { result: Result; url: string | null }) {
  return (
    <>
      <Pairs result={result} />
      {url && (
        <Panel title={t("differences_figure")}>
          <Drawing url={url} caption={t("differences_caption")} />
        </Panel>
      )}
      <AgainstPanel result={result} />
      <OperatingPoints result={result} />
    </>
  );
}

function Subgroups({ url }: { url: string }) {
  return (
    <Panel title={t("subgroups")} lead={t("subgroups_lead")}>
      <Drawing url={url} caption={t("subgroups_caption")} />
    </Panel>
  );
}
