import { Alert, Badge, Button, Group, Progress, SimpleGrid } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useLocation } from "react-router";
import { api, type Schemas } from "@/shared/api";
import {
  type Column,
  DataTable,
  EmptyState,
  ErrorNotice,
  LinkButton,
  Loaded,
  Page,
  Panel,
  Stat,
  TextLink,
  When,
} from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { AgreementPanel } from "./AgreementPanel";
import { useClaim } from "./claiming";
import { type Kept, LabelNotice } from "./LabelNotice";
import { operationWord } from "./operation";
import { PeoplePanel } from "./PeoplePanel";
import { t } from "./text";
import { sideWord } from "./verdict";

type Notes = Schemas["Notes"];
type Queued = Notes["queue"][number];

export function Component() {
  const slug = useSlug();
  const notes = api.useQuery("get", "/api/v1/studies/{slug}/notes", { params: { path: { slug } } }, { staleTime: 0 });
  const kept = (useLocation().state as { kept?: Kept } | null)?.kept;
  const claim = useClaim();
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        notes.data && (
          <Actions data={notes.data} isBusy={claim.isBusy} onStart={() => void claim.go().catch(() => undefined)} />
        )
      }
    >
      {kept && <LabelNotice kept={kept} atEnd={notes.data?.queue.length === 0} />}
      <ErrorNotice error={claim.error} />
      <Loaded query={notes} height={420}>
        {(data) =>
          data.progress ? (
            <>
              {!data.may_read && !data.may_adjudicate && (
                <Alert variant="light" icon={<IconInfoCircle />} title={t("closed.title")}>
                  {t("closed.detail")}
                </Alert>
              )}
              <ProgressPanel progress={data.progress} mayRead={data.may_read} />
              {data.disputed.length > 0 && <Disputed notes={data.disputed} />}
              {data.may_read && <Queue notes={data.queue} />}
              {data.read.length > 0 && <Read notes={data.read} />}
              {(data.may_assign || data.people.length > 0) && <PeoplePanel data={data} />}
              <AgreementPanel />
            </>
          ) : (
            <Panel>
              <EmptyState
                title={t("none.title")}
                detail={t("none.detail")}
                action={data.may_assign && <LinkButton to={`/studies/${slug}/cohort`}>{t("none.action")}</LinkButton>}
              />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  );
}

function Actions({ data, isBusy, onStart }: { data: Notes; isBusy: boolean; onStart: () => void }) {
  const slug = useSlug();
  const disputed = data.disputed[0];
  return (
    <Group gap="xs">
      {disputed && (
        <LinkButton variant={data.queue.length > 0 ? "default" : "filled"} to={`/studies/${slug}/notes/${disputed.id}`}>
          {t("start_deciding")}
        </LinkButton>
      )}
      {data.queue.length > 0 && (
        <Button loading={isBusy} onClick={onStart}>
          {t("start")}
        </Button>
      )}
    </Group>
  );
}

function ProgressPanel({ progress, mayRead }: { progress: NonNullable<Notes["progress"]>; mayRead: boolean }) {
  const { notes, read_once: once, read_twice: twice, mine, waiting_for_me: waiting } = progress;
  const of = t("progress.of", { notes });
  return (
    <Panel>
      <SimpleGrid cols={mayRead ? 4 : 2}>
        {mayRead && <Stat label={t("progress.mine")} value={number(mine)} about={t("progress.mine_about")} />}
        {mayRead && <Stat label={t("progress.waiting")} value={number(waiting)} about={t("progress.waiting_about")} />}
        <Stat label={t("progress.once")} value={number(once)} detail={of} about={t("progress.once_about")} />
        <Stat label={t("progress.twice")} value={number(twice)} detail={of} about={t("progress.twice_about")} />
      </SimpleGrid>
      {/* Both readings of every note. */}
      <Progress value={notes ? (50 * (once + twice)) / notes : 0} size={6} mt="md" aria-label={t("progress.label")} />
    </Panel>
  );
}

function noteColumns(slug: string, name: "queue.name" | "disputed.name"): Column<Queued>[] {
  return [
    {
      key: "note",
      label: t("queue.note"),
      value: ({ id }) => id,
      show: ({ id, is_mine: mine }) => (
        <Group gap={6}>
          <TextLink to={`/studies/${slug}/notes/${id}`}>{t(name, { id: String(id) })}</TextLink>
          {mine && <Badge size="sm">{t("queue.yours")}</Badge>}
        </Group>
      ),
    },
    { key: "side", label: t("queue.side"), value: ({ side }) => sideWord(side) },
    { key: "operation", label: t("queue.operation"), value: ({ cpt }) => operationWord(cpt) },
    {
      key: "readers",
      label: t("queue.readers"),
      value: ({ readers }) => readers,
      show: ({ readers }) => (readers === 0 ? t("queue.nobody") : t("queue.readers_count", { count: readers })),
    },
  ];
}

function Queue({ notes }: { notes: readonly Queued[] }) {
  const slug = useSlug();
  return (
    <Panel title={t("queue.title")} lead={t("queue.lead")} flush>
      {notes.length === 0 ? (
        <EmptyState title={t("queue.empty")} detail={t("queue.empty_detail")} />
      ) : (
        <DataTable rows={notes} columns={noteColumns(slug, "queue.name")} rowKey={({ id }) => id} pageSize={25} />
      )}
    </Panel>
  );
}

function Disputed({ notes }: { notes: readonly Queued[] }) {
  const slug = useSlug();
  return (
    <Panel title={t("disputed.title")} lead={t("disputed.lead")} flush>
      <DataTable rows={notes} columns={noteColumns(slug, "disputed.name")} rowKey={({ id }) => id} filterable={false} />
    </Panel>
  );
}

function Read({ notes }: { notes: Notes["read"] }) {
  const slug = useSlug();
  const rows = [...notes].reverse();
  return (
    <Panel title={t("read.title")} lead={t("read.lead")} flush>
      <DataTable
        rows={rows}
        columns={[
          {
            key: "note",
            label: t("queue.note"),
            value: ({ id }) => id,
            show: ({ id }) => <TextLink to={`/studies/${slug}/notes/${id}`}>{t("queue.name", { id: String(id) })}</TextLink>,
          },
          { key: "when", label: t("read.when"), value: ({ assessed_at: at }) => at, show: ({ assessed_at: at }) => <When at={at} /> },
        ]}
        rowKey={({ id }) => id}
        filterable={false}
        pageSize={8}
      />
    </Panel>
  );
}
