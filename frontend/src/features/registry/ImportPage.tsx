import { Alert, Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconArrowRight, IconCheck, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useParams } from "react-router";
import { api } from "@/shared/api";
import { Confirm, JobProgress, LinkButton, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { number } from "@/shared/messages";
import { ColumnsAsRead, Files } from "./Files";
import { type ImportDetail, isUndecided, isWorkedOn, kindWord, stateOf, summed, useImport, useTold } from "./imports";
import { RefusedRows } from "./RefusedRows";
import { StateBadge } from "./RegistryPage";
import { Totals } from "./Totals";
import { t } from "./text";

export function Component() {
  const id = Number(useParams().id);
  const { slug, query } = useImport(id);
  const record = query.data;
  return (
    <Page
      title={t("import_number", { id: String(id) })}
      above={<TextLink to={`/studies/${slug}/registry`}>{t("back")}</TextLink>}
      lead={record && <Lead record={record} />}
      actions={record && <Decision record={record} />}
    >
      <Loaded query={query} height={300}>
        {(loaded) => <ImportBody record={loaded} slug={slug} />}
      </Loaded>
    </Page>
  );
}

function Lead({ record }: { record: ImportDetail }) {
  return (
    <>
      <StateBadge record={record} />{" "}
      {t("sent_by", { person: record.requested_by ?? t("by_program") })}
      {!record.decided_at && (
        <>
          {" "}
          <When at={record.queued_at} />
        </>
      )}
      {record.decided_at && (
        <>
          {" · " + t("decided_by", { person: record.decided_by ?? t("by_program") })} <When at={record.decided_at} />
        </>
      )}
    </>
  );
}

function ImportBody({ record, slug }: { record: ImportDetail; slug: string }) {
  const working = isWorkedOn(record);
  return (
    <>
      {(working || record.status === "failed") && <Progress record={record} />}
      <WhatNext record={record} slug={slug} />
      {!working && record.counts.length > 0 && <Totals record={record} />}
      {!working && <Files record={record} />}
      {record.refused > 0 && !working && <RefusedRows record={record} />}
      {!working && <ColumnsAsRead record={record} />}
    </>
  );
}

function Progress({ record }: { record: ImportDetail }) {
  const { done, total, rows, note } = record.progress;
  const doing = record.status === "queued" ? t("waits_for_worker") : note ? t("reading", { what: kindWord(note), rows }) : t("begins");
  return (
    <Panel>
      <JobProgress
        status={record.status ?? "queued"}
        doing={doing}
        part={total ? Math.min(1, done / total) : null}
        failure={record.failure_reason ? { reason: record.failure_reason, advice: record.failure_advice } : null}
      />
      {isWorkedOn(record) && (
        <Text size="sm" className="muted" mt="xs">
          {t("progress_stays")}
        </Text>
      )}
    </Panel>
  );
}

/** One sentence about where this import stands, and what a person does next. */
function WhatNext({ record, slug }: { record: ImportDetail; slug: string }) {
  const state = stateOf(record);
  if (state === "applied") {
    return (
      <Alert color="teal" variant="light" icon={<IconCheck />} title={t("applied_title")}>
        <Text size="sm" mb="xs">
          {t("applied_detail")}
        </Text>
        <LinkButton to={`/studies/${slug}/cohort`} size="xs" rightSection={<IconArrowRight size={14} />}>
          {t("to_cohort")}
        </LinkButton>
      </Alert>
    );
  }
  const unread = record.files.filter(({ problem }) => problem).length;
  if (state === "waiting" && unread > 0) {
    return (
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle />} title={t("unread_title", { count: unread })}>
        {t("unread_detail")}
      </Alert>
    );
  }
  if (state === "waiting") {
    return (
      <Alert variant="light" title={t("waiting_title")}>
        {t("waiting_detail")}
        {record.kept_until && (
          <>
            {" " + t("kept_until")} <When at={record.kept_until} />
            {"."}
          </>
        )}
      </Alert>
    );
  }
  return null;
}

function Decision({ record }: { record: ImportDetail }) {
  const [asking, setAsking] = useState<"apply" | "discard" | null>(null);
  const decide = useDecisions(record);
  if (!isUndecided(record) || record.dry_run) return null;
  const changes = summed(record.counts, "new") + summed(record.counts, "changed");
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking("discard")}>
        {t("discard")}
      </Button>
      <Button leftSection={<IconCheck size={16} />} disabled={!record.can_apply} onClick={() => setAsking("apply")}>
        {t("apply")}
      </Button>
      <Confirm
        opened={asking === "apply"}
        onClose={() => setAsking(null)}
        title={t("apply_title")}
        confirm={t("apply")}
        onConfirm={decide.apply}
      >
        <Text size="sm">
          {t("apply_detail", {
            new: number(summed(record.counts, "new")),
            changed: number(summed(record.counts, "changed")),
            refused: number(record.refused),
          })}
        </Text>
        {changes === 0 && (
          <Text size="sm" mt="xs">
            {t("apply_nothing")}
          </Text>
        )}
      </Confirm>
      <Confirm
        opened={asking === "discard"}
        onClose={() => setAsking(null)}
        title={t("discard_title")}
        confirm={t("discard")}
        onConfirm={decide.discard}
        danger
      >
        <Text size="sm">{t("discard_detail")}</Text>
      </Confirm>
    </>
  );
}

function useDecisions(record: ImportDetail) {
  const { path } = useImport(record.id);
  const tell = useTold();
  const apply = api.useMutation("post", "/api/v1/studies/{slug}/registry/imports/{import_id}/apply");
  const discard = api.useMutation("post", "/api/v1/studies/{slug}/registry/imports/{import_id}/discard");
  return {
    apply: async () => tell(await apply.mutateAsync({ params: { path } })),
    discard: async () => tell(await discard.mutateAsync({ params: { path } })),
  };
}
