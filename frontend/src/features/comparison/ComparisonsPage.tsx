import { Badge, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, EmptyState, LinkButton, Loaded, Page, Panel, StatusBadge, TextLink, When } from "@/shared/components";
import { isActive, partWord, pollWhile } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type Comparison = Schemas["Comparison"];

export function Component() {
  const slug = useSlug();
  const navigate = useNavigate();
  const base = `/studies/${slug}/comparisons`;
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/comparisons",
    { params: { path: { slug } } },
    { refetchInterval: ({ state }) => pollWhile(state.data?.some(({ job }) => isActive(job))), staleTime: 0 },
  );
  const create = (
    <LinkButton to={`${base}/new`} leftSection={<IconPlus size={16} />}>
      {t("new")}
    </LinkButton>
  );
  return (
    <Page title={t("title")} lead={t("lead")} actions={create}>
      <Panel flush>
        <Loaded query={query}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState title={t("empty")} detail={t("empty_detail")} action={create} />
            ) : (
              <DataTable
                rows={rows}
                columns={columns(base)}
                rowKey={({ id }) => id}
                exportName={`${slug}-comparisons`}
                onRowClick={({ id }) => void navigate(`${base}/${id}`)}
              />
            )
          }
        </Loaded>
      </Panel>
      <Panel title={t("published_title")} lead={t("published_in_list")}>
        <TextLink to={`${base}/published`}>{t("published_open")}</TextLink>
      </Panel>
    </Page>
  );
}

function columns(base: string): Column<Comparison>[] {
  const cases = ({ part, dataset_version: number }: Comparison) => t("part_of", { part: partWord(part), number });
  return [
    {
      key: "title",
      label: t("column_title"),
      value: ({ title }) => title,
      show: ({ id, title }) => <TextLink to={`${base}/${id}`}>{title}</TextLink>,
    },
    { key: "cases", label: t("column_cases"), value: cases, width: 190 },
    { key: "models", label: t("column_models"), value: ({ models }) => models.join(", ") },
    { key: "readers", label: t("column_readers"), value: ({ readers }) => readers.join(", ") },
    {
      key: "state",
      label: t("column_state"),
      value: ({ job }) => job.status,
      show: ({ job, is_stale: stale }) => (
        <Group gap={6} wrap="nowrap">
          <StatusBadge status={job.status} />
          {stale && <Badge color="yellow">{t("stale")}</Badge>}
        </Group>
      ),
      width: 130,
    },
    { key: "by", label: t("column_by"), value: ({ requested_by: by }) => by ?? t("by_program"), width: 140, wideOnly: true },
    { key: "made", label: t("column_at"), value: ({ job }) => job.queued_at, show: ({ job }) => <When at={job.queued_at} />, width: 130 },
  ];
}
