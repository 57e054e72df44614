import { Group, Stack, Text } from "@mantine/core";
import { api, type Schemas } from "@/shared/api";
import { Panel, TextLink } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { metric } from "./metrics";
import { fieldLabel, t } from "./text";

/** Hyper-parameter searches, each with its best trial; nothing where there is none. */
export function SearchesPanel() {
  const slug = useSlug();
  const searches = api.useQuery("get", "/api/v1/studies/{slug}/searches", { params: { path: { slug } } });
  if (!searches.data?.length) return null;
  return (
    <Panel title={t("searches")} lead={t("searches_lead")}>
      <Stack gap="sm">
        {searches.data.map((search) => (
          <SearchRow key={search.id} search={search} base={`/studies/${slug}/training`} />
        ))}
      </Stack>
    </Panel>
  );
}

function SearchRow({ search, base }: { search: Schemas["Search"]; base: string }) {
  const [best] = search.trials;
  const loss = best && metric(best.validation_metrics, "validation_loss");
  const space = Object.keys((search.specification.space ?? {}) as Record<string, unknown>);
  const ids = search.trials.slice(0, 8).map(({ id }) => id).join(",");
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <TextLink to={`${base}/compare?runs=${ids}`}>{search.name}</TextLink>
        <Text size="sm" className="muted">
          {[t("search_row", { count: search.trials.length }), space.map(fieldLabel).join(", ")].join(" · ")}
        </Text>
      </div>
      <Text size="sm" className="numbers" ta="right">
        {best && loss != null ? t("search_best", { loss: number(loss, 3), name: best.name }) : t("search_running")}
      </Text>
    </Group>
  );
}
