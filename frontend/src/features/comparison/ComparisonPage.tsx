import { Alert, Badge, Button, Grid, Group } from "@mantine/core";
import { IconAlertTriangle, IconDownload, IconPrinter, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { Confirm, JobProgress, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { isActive, partDone, partWord, pollWhile } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { Confusion } from "./Confusion";
import type { Result } from "./figures";
import { Head } from "./Head";
import { OperatingPoints } from "./OperatingPoints";
import { Pairs } from "./Pairs";
import { RaterTable } from "./RaterTable";
import { Remarks } from "./Remarks";
import { RocFigure } from "./RocFigure";
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
      <Button leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
        {t("print")}
      </Button>
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
          {t("stale_detail")}
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
      <Head comparison={comparison} slug={slug} />
      {result && <Report result={result} name={`${slug}-comparison-${comparison.id}`} />}
    </>
  );
}

function Report({ result, name }: { result: Result; name: string }) {
  return (
    <>
      <RaterTable result={result} name={name} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <RocFigure result={result} name={name} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Remarks result={result} />
        </Grid.Col>
      </Grid>
      <Pairs result={result} />
      <OperatingPoints result={result} />
      <Confusion raters={result.raters} />
    </>
  );
}
