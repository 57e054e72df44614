import { Progress, SimpleGrid, Table, Text } from "@mantine/core";
import { useLocation } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { About, type Column, DataTable, EmptyState, LinkButton, Loaded, Page, Panel, Stat, TextLink } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { type Kept, LabelNotice } from "./LabelNotice";
import { operationWord } from "./operation";
import { t } from "./text";
import { sideWord } from "./verdict";

type Notes = Schemas["Notes"];
type Queued = Notes["queue"][number];

export function Component() {
  const slug = useSlug();
  const notes = api.useQuery("get", "/api/v1/studies/{slug}/notes", { params: { path: { slug } } }, { staleTime: 0 });
  const kept = (useLocation().state as { kept?: Kept } | null)?.kept;
  const next = notes.data?.queue[0];
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={next && <LinkButton to={`/studies/${slug}/notes/${next.id}`}>{t("start")}</LinkButton>}
    >
      {kept && <LabelNotice kept={kept} atEnd={notes.data !== undefined && !next} />}
      <Loaded query={notes} height={420}>
        {(data) =>
          data.progress ? (
            <>
              <ProgressPanel progress={data.progress} />
              {data.disputed.length > 0 && <Disputed notes={data.disputed} />}
              <Queue notes={data.queue} />
              <Agreement rows={data.agreement} />
            </>
          ) : (
            <Panel>
              <EmptyState
                title={t("none.title")}
                detail={t("none.detail")}
                action={<LinkButton to={`/studies/${slug}/cohort`}>{t("none.action")}</LinkButton>}
              />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  );
}

function ProgressPanel({ progress }: { progress: NonNullable<Notes["progress"]> }) {
  const { notes, read_once: once, read_twice: twice, mine, waiting_for_me: waiting } = progress;
  const total = mine + waiting;
  const of = t("progress.of", { notes });
  return (
    <Panel>
      <SimpleGrid cols={4}>
        <Stat label={t("progress.mine")} value={number(mine)} about={t("progress.mine_about")} />
        <Stat label={t("progress.waiting")} value={number(waiting)} about={t("progress.waiting_about")} />
        <Stat label={t("progress.once")} value={number(once)} detail={of} about={t("progress.once_about")} />
        <Stat label={t("progress.twice")} value={number(twice)} detail={of} about={t("progress.twice_about")} />
      </SimpleGrid>
      <Progress value={total ? (100 * mine) / total : 100} size={6} mt="md" aria-label={t("progress.label")} />
    </Panel>
  );
}

function noteColumns(slug: string, name: "queue.name" | "disputed.name"): Column<Queued>[] {
  return [
    {
      key: "note",
      label: t("queue.note"),
      value: ({ id }) => id,
      show: ({ id }) => <TextLink to={`/studies/${slug}/notes/${id}`}>{t(name, { id: String(id) })}</TextLink>,
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

function Agreement({ rows }: { rows: Notes["agreement"] }) {
  const some = rows.some(({ notes }) => notes > 0);
  return (
    <Panel
      title={t("agreement.title")}
      lead={some ? t("agreement.lead") : t("agreement.none")}
      actions={<About>{t("agreement.about")}</About>}
      flush
    >
      {some && (
        <Table horizontalSpacing="md" verticalSpacing={7}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("agreement.item")}</Table.Th>
              <Table.Th className="number">{t("agreement.notes")}</Table.Th>
              <Table.Th className="number">{t("agreement.agree")}</Table.Th>
              <Table.Th className="number">{t("agreement.share")}</Table.Th>
              <Table.Th className="number">{t("agreement.kappa")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ item, notes, agree, kappa }) => (
              <Table.Tr key={item}>
                <Table.Td>{t(`form.${item as "cup" | "stem" | "infection" | "diagnoses_agree"}`)}</Table.Td>
                <Table.Td className="number">{number(notes)}</Table.Td>
                <Table.Td className="number">{number(agree)}</Table.Td>
                <Table.Td className="number">{notes ? percent(agree / notes, 1) : "–"}</Table.Td>
                <Table.Td className="number">
                  {kappa === null ? <Text size="sm">{t("agreement.undefined")}</Text> : number(kappa, 2)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
