import { Badge } from "@mantine/core";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, EmptyState, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type Waiting = Schemas["QuarantinedImage"];

export function Component() {
  const slug = useSlug();
  const images = api.useQuery("get", "/api/v1/studies/{slug}/quarantine", { params: { path: { slug } } });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Panel flush>
        <Loaded query={images}>
          {(rows) => (
            <DataTable
              rows={rows}
              columns={columns(slug)}
              rowKey={({ id }) => id}
              empty={<EmptyState title={t("empty.title")} detail={t("empty.detail")} />}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

function columns(slug: string): Column<Waiting>[] {
  return [
    {
      key: "image",
      label: t("column.image"),
      value: ({ id }) => id,
      show: ({ id }) => <TextLink to={`/studies/${slug}/quarantine/${id}`}>{t("image", { id: String(id) })}</TextLink>,
    },
    {
      key: "state",
      label: t("column.state"),
      width: 150,
      value: ({ state = "waiting" }) => t(`state.${state}`),
      show: ({ state = "waiting" }) => (
        <Badge color={state === "proposed" ? "petrol" : "orange"}>{t(`state.${state}`)}</Badge>
      ),
    },
    { key: "reason", label: t("column.reason"), value: ({ reason }) => reason },
    { key: "patient", label: t("column.patient"), value: whose },
    {
      key: "since",
      label: t("column.since"),
      value: ({ quarantined_at }) => quarantined_at,
      show: ({ quarantined_at }) => <When at={quarantined_at} />,
    },
  ];
}

function whose({ patient, side, link_problem }: Waiting): string {
  return patient ? `${patient} · ${side}` : (link_problem ?? t("not_linked"));
}
