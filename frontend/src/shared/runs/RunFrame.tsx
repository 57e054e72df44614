import { Alert, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import type { Schemas } from "@/shared/api";
import { Loaded, Page, type Query, StatusBadge, TextLink } from "@/shared/components";
import { t } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import classes from "./RunFrame.module.css";

type Run = Schemas["RunDetail"];

const TABS = [
  { href: "", label: "run.tab_training" },
  { href: "/scores", label: "run.tab_scores" },
  { href: "/saliency", label: "run.tab_saliency" },
] as const;

interface RunFrameProps {
  runId: number;
  query: Query<Run>;
  actions?: (run: Run) => ReactNode;
  children: (run: Run) => ReactNode;
}

/** What all pages of one run share: its name and state, the way between them, and whether its dataset still holds. */
export function RunFrame({ runId, query, actions, children }: RunFrameProps) {
  const base = `/studies/${useSlug()}`;
  const run = query.data;
  return (
    <Page
      title={run?.name ?? t("loading")}
      above={<TextLink to={`${base}/training`}>{t("run.back")}</TextLink>}
      lead={run && <RunLead run={run} base={base} />}
      actions={run && actions?.(run)}
    >
      <nav className={classes.tabs} aria-label={t("run.tabs")}>
        {TABS.map(({ href, label }) => (
          <NavLink key={label} to={`${base}/training/${runId}${href}`} end className={classes.tab}>
            {t(label)}
          </NavLink>
        ))}
      </nav>
      {run?.dataset_is_stale && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle />} title={t("run.stale")}>
          {t("run.stale_detail") + " "}
          <TextLink to={`${base}/datasets/${run.dataset_version}`} underline="always">{t("run.stale_link")}</TextLink>
        </Alert>
      )}
      <Loaded query={query} height={320}>
        {children}
      </Loaded>
    </Page>
  );
}

function RunLead({ run, base }: { run: Run; base: string }) {
  return (
    <Group gap="xs" mt={2}>
      <StatusBadge status={run.job.status} />
      <Text span size="sm">
        {t("run.made_of", { backbone: run.backbone, preset: run.preset })}
      </Text>
      <Text span size="sm">
        ·
      </Text>
      <TextLink to={`${base}/datasets/${run.dataset_version}`} size="sm">
        {t("run.dataset", { number: run.dataset_version })}
      </TextLink>
    </Group>
  );
}
