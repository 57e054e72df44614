import { Badge } from "@mantine/core";
import { useNavigate } from "react-router";
import { api } from "@/shared/api";
import { type Column, DataTable, EmptyState, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { DropZone } from "./DropZone";
import { COLOURS, isWorkedOn, type RegistryImport, stateOf, summed } from "./imports";
import { Surgeons } from "./Surgeons";
import { Templates } from "./Templates";
import { t } from "./text";

export function StateBadge({ record }: { record: RegistryImport }) {
  const state = stateOf(record);
  return <Badge color={COLOURS[state]}>{t(`state.${state}`)}</Badge>;
}

function columns(slug: string): Column<RegistryImport>[] {
  const counted = (key: "rows" | "new" | "changed" | "refused"): Column<RegistryImport> => ({
    key,
    label: t(`count.${key}`),
    value: ({ counts }) => summed(counts, key),
    show: ({ counts }) => number(summed(counts, key)),
    number: true,
    width: 96,
  });
  return [
    {
      key: "import",
      label: t("import"),
      value: ({ id }) => id,
      show: ({ id }) => <TextLink to={`/studies/${slug}/registry/${id}`}>{t("import_number", { id: String(id) })}</TextLink>,
      width: 108,
    },
    { key: "state", label: t("state"), value: (record) => t(`state.${stateOf(record)}`), show: (record) => <StateBadge record={record} />, width: 142 },
    { key: "files", label: t("files"), value: ({ counts }) => counts.length, number: true, width: 76, wideOnly: true },
    counted("rows"),
    counted("new"),
    counted("changed"),
    counted("refused"),
    { key: "by", label: t("by"), value: ({ requested_by: person }) => person ?? t("by_program"), wideOnly: true },
    { key: "at", label: t("at"), value: ({ queued_at: at }) => at, show: ({ queued_at: at }) => <When at={at} />, width: 130 },
  ];
}

export function Component() {
  const slug = useSlug();
  const navigate = useNavigate();
  const imports = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/registry/imports",
    { params: { path: { slug } } },
    { staleTime: 0, refetchInterval: ({ state }) => (state.data?.some(isWorkedOn) ? 2000 : false) },
  );
  return (
    <Page title={t("title")} lead={t("lead")}>
      <DropZone />
      <Panel title={t("history")} flush>
        <Loaded query={imports}>
          {(records) =>
            records.length === 0 ? (
              <EmptyState title={t("none")} detail={t("none_detail")} />
            ) : (
              <DataTable
                rows={records}
                columns={columns(slug)}
                rowKey={({ id }) => id}
                exportName={`${slug}-registry-imports`}
                onRowClick={({ id }) => void navigate(`/studies/${slug}/registry/${id}`)}
                pageSize={10}
                filterable={false}
              />
            )
          }
        </Loaded>
      </Panel>
      <Templates />
      <Surgeons />
    </Page>
  );
}
