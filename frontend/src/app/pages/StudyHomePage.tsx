import { Badge, Grid, Progress, Text } from "@mantine/core";
import { IconCheck, IconChevronRight } from "@tabler/icons-react";
import { Link } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { EmptyState, Page, Panel } from "@/shared/components";
import { hasMessage, t as common, textOf } from "@/shared/messages";
import { useStudy } from "@/shared/study";
import { t } from "../text";
import { DemoHints } from "./DemoHints";
import { StudyLine } from "./StudyLine";
import classes from "./pages.module.css";

type NextStep = Schemas["NextStep"];

export function Component() {
  const given = useStudy();
  // What is next changes with every piece of work: asked for anew whenever this page opens.
  const fresh = api.useQuery(
    "get",
    "/api/v1/studies/{slug}",
    { params: { path: { slug: given.slug } } },
    { staleTime: 0 },
  );
  const study = fresh.data ?? given;
  const roles = study.roles.map((role) => common(`role.${role}`)).join(", ");
  return (
    <Page title={study.title} lead={study.description || undefined} above={t("home.your_role", { roles })}>
      <StudyLine study={study} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: study.is_demo ? 8 : 12 }}>
          <NextSteps steps={study.next_steps} slug={study.slug} />
        </Grid.Col>
        {study.is_demo && (
          <Grid.Col span={{ base: 12, lg: 4 }}>
            <DemoHints study={study} />
          </Grid.Col>
        )}
      </Grid>
    </Page>
  );
}

function NextSteps({ steps, slug }: { steps: readonly NextStep[]; slug: string }) {
  const next = steps.find((step) => !step.is_done);
  const lead = steps.length > 0 && !next ? t("home.lead_done") : t("home.next_steps_lead");
  return (
    <Panel title={t("home.next_steps")} lead={lead} flush>
      {steps.length === 0 ? (
        <EmptyState title={t("home.no_steps")} detail={t("home.no_steps_detail")} />
      ) : (
        <ol className={classes.list}>
          {steps.map((step, index) => (
            <Step key={`${step.key}.${index}`} step={step} slug={slug} isNext={step === next} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function stepTexts(step: NextStep): { title: string; detail: string } {
  const values = { done: step.done, total: step.total, count: step.total - step.done };
  const key = `next_steps.${step.key}`;
  if (!hasMessage(`${key}.title`)) return { title: t("home.step_without_text", { key: step.key }), detail: "" };
  return { title: textOf(`${key}.title`, values), detail: textOf(`${key}.detail`, values) };
}

function Step({ step, slug, isNext }: { step: NextStep; slug: string; isNext: boolean }) {
  const { title, detail } = stepTexts(step);
  const to = step.href.startsWith("/") ? step.href : `/studies/${slug}/${step.href}`;
  return (
    <li>
      <Link to={to} className={classes.row} data-next={isNext || undefined} data-done={step.is_done || undefined}>
        <span className={classes.tick} aria-hidden="true">
          {step.is_done && <IconCheck size={14} stroke={2.6} />}
        </span>
        <span className={classes.rowText}>
          <span className={classes.rowTitle}>
            {title}
            {isNext && <Badge ml="xs">{t("home.next")}</Badge>}
          </span>
          <Text size="sm" className="muted" component="span">
            {detail}
          </Text>
        </span>
        <span className={classes.far}>
          <span className="numbers">
            {step.is_done ? t("home.done") : t("home.progress", { done: step.done, total: step.total })}
          </span>
          {step.total > 0 && !step.is_done && (
            <Progress size={4} value={(100 * step.done) / step.total} aria-label={title} />
          )}
        </span>
        <IconChevronRight size={17} />
      </Link>
    </li>
  );
}
