import { Badge, Group, Text } from "@mantine/core";
import { api, type Schemas } from "@/shared/api";
import { EmptyState, LinkButton, Loaded, Page, Panel } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";

export function Component() {
  const slug = useSlug();
  const meetings = api.useQuery("get", "/api/v1/studies/{slug}/reading/consensus", { params: { path: { slug } } }, { staleTime: 0 });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded query={meetings}>
        {(list) =>
          list.length === 0 ? (
            <Panel>
              <EmptyState title={t("empty")} detail={t("empty_detail")} />
            </Panel>
          ) : (
            list.map((meeting) => <Meeting key={meeting.id} meeting={meeting} slug={slug} />)
          )
        }
      </Loaded>
    </Page>
  );
}

function Meeting({ meeting, slug }: { meeting: Schemas["Meeting"]; slug: string }) {
  const { id, title, state, participants, decided, total } = meeting;
  return (
    <Panel>
      <Group justify="space-between" wrap="nowrap" gap="xl">
        <div>
          <Group gap="xs">
            <Text fw={600}>{title}</Text>
            <Badge color={state === "signed" ? "teal" : "petrol"}>{t(state)}</Badge>
          </Group>
          <Text size="sm" className="muted">
            {t("with", { names: participants.map(({ name }) => name).join(", ") })}
          </Text>
          <Text size="sm" className="muted numbers">
            {t("decided", { decided, total })}
          </Text>
        </div>
        <LinkButton to={`/studies/${slug}/consensus/${id}`}>{t("go")}</LinkButton>
      </Group>
    </Panel>
  );
}
