import { Badge, Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, EmptyState, ErrorNotice, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { LinkingRulesPanel } from "./LinkingRulesPanel";
import { t } from "./text";
import classes from "./Upload.module.css";
import { daysWord, ofWhom, type Radiograph, sideWord } from "./words";

type Decided = Schemas["DecidedLink"];
const QUEUE = "/api/v1/studies/{slug}/linking";

export function Component() {
  const slug = useSlug();
  const queue = api.useQuery("get", QUEUE, { params: { path: { slug } } });
  return (
    <Page
      title={t("linking.title")}
      lead={t("linking.lead")}
      above={<TextLink to={`/studies/${slug}/radiographs`}>{t("back")}</TextLink>}
      actions={<TryAgain />}
    >
      <Loaded query={queue} height={420}>
        {({ waiting, decided, rules }) => (
          <>
            <Waiting waiting={waiting} />
            {decided.length > 0 && <DecidedLinks decided={decided} />}
            <LinkingRulesPanel key={JSON.stringify(rules)} rules={rules} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function TryAgain() {
  const slug = useSlug();
  const queries = useQueryClient();
  const again = api.useMutation("post", "/api/v1/studies/{slug}/linking/again", {
    onSuccess: ({ linked }) => {
      notifications.show({ message: t("linking.again_note", { count: linked }) });
      void queries.invalidateQueries({ predicate: ({ queryKey }) => /\/(linking|radiographs)$/.test(String(queryKey[1])) });
    },
  });
  return (
    <>
      <Button variant="default" loading={again.isPending} onClick={() => again.mutate({ params: { path: { slug } } })}>
        {t("linking.again")}
      </Button>
      <ErrorNotice error={again.error} />
    </>
  );
}

const picture = (slug: string, id: number) => (
  <img
    className={classes.small}
    src={`/api/v1/studies/${slug}/radiographs/${id}/thumbnail`}
    alt={t("number", { id: String(id) })}
    loading="lazy"
  />
);

function Waiting({ waiting }: { waiting: readonly Radiograph[] }) {
  const slug = useSlug();
  const columns: Column<Radiograph>[] = [
    { key: "picture", label: t("linking.picture"), value: ({ id }) => id, width: 76, sortable: false, show: ({ id }) => picture(slug, id) },
    {
      key: "radiograph",
      label: t("column.id"),
      value: ({ id }) => id,
      show: ({ id }) => <TextLink to={`/studies/${slug}/radiographs/linking/${id}`}>{t("number", { id: String(id) })}</TextLink>,
    },
    { key: "why", label: t("column.problem"), value: ({ link_problem: problem }) => problem },
    { key: "side", label: t("facts.side_in_image"), value: ({ laterality }) => sideWord(laterality) },
    { key: "view", label: t("facts.view"), value: ({ view }) => view || t("facts.unknown"), width: 110, wideOnly: true },
    { key: "since", label: t("facts.accepted"), value: (row) => row.accepted_at, show: (row) => <When at={row.accepted_at} />, width: 130, wideOnly: true },
  ];
  return (
    <Panel title={t("linking.waiting", { count: waiting.length })} flush>
      <DataTable
        rows={waiting}
        columns={columns}
        rowKey={({ id }) => id}
        exportName={`${slug}-not-linked`}
        empty={<EmptyState title={t("linking.none")} detail={t("linking.none_detail")} />}
      />
    </Panel>
  );
}

function DecidedLinks({ decided }: { decided: readonly Decided[] }) {
  const slug = useSlug();
  const columns: Column<Decided>[] = [
    {
      key: "radiograph",
      label: t("column.id"),
      value: ({ id }) => id,
      width: 140,
      show: ({ id }) => <TextLink to={`/studies/${slug}/radiographs/linking/${id}`}>{t("number", { id: String(id) })}</TextLink>,
    },
    {
      key: "decision",
      label: t("linking.decision"),
      value: ({ decision }) => decision.act,
      width: 120,
      show: ({ decision }) => (
        <Badge color={decision.act === "linked" ? "teal" : "gray"}>{t(`linking.act.${decision.act}`)}</Badge>
      ),
    },
    { key: "hip", label: t("column.patient"), value: (row) => (row.patient ? ofWhom(row) : "") },
    { key: "days", label: t("column.days"), value: (row) => (row.patient ? daysWord(row.days_from_index_procedure) : ""), wideOnly: true },
    { key: "reason", label: t("linking.reason"), value: ({ decision }) => decision.reason },
    { key: "by", label: t("batches.by"), value: ({ decision }) => decision.decided_by, width: 150 },
  ];
  return (
    <Panel title={t("linking.decided")} flush>
      <DataTable rows={decided} columns={columns} rowKey={({ id }) => id} filterable={false} />
      <Text size="xs" className="muted" p="xs" pl="md">
        {t("linking.undo_hint")}
      </Text>
    </Panel>
  );
}
