import { useSearchParams } from "react-router";
import { api } from "@/shared/api";
import { EmptyState, LinkButton, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { LaunchForm } from "./LaunchForm";
import { t } from "./text";

export function Component() {
  const slug = useSlug();
  const cloned = Number(useSearchParams()[0].get("clone") ?? 0);
  const path = { slug };
  const choices = api.useQuery("get", "/api/v1/studies/{slug}/training/choices", { params: { path } });
  const versions = api.useQuery("get", "/api/v1/studies/{slug}/datasets", { params: { path } });
  const original = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/runs/{run_id}",
    { params: { path: { slug, run_id: cloned } } },
    { enabled: cloned > 0 },
  );
  return (
    <Page
      title={t("launch_title")}
      lead={t("launch_lead")}
      above={<TextLink to={`/studies/${slug}/training`}>{t("back")}</TextLink>}
    >
      <Loaded query={choices} height={500}>
        {(given) => (
          <Loaded query={versions}>
            {(all) => {
              const usable = all.filter(({ is_practice }) => !is_practice);
              if (usable.length === 0) return <NoVersion slug={slug} />;
              if (!cloned) return <LaunchForm choices={given} versions={usable} />;
              return (
                <Loaded query={original}>
                  {(run) => <LaunchForm key={run.id} choices={given} versions={usable} original={run} />}
                </Loaded>
              );
            }}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function NoVersion({ slug }: { slug: string }) {
  return (
    <Panel>
      <EmptyState
        title={t("no_version")}
        action={<LinkButton to={`/studies/${slug}/datasets`}>{t("no_version_link")}</LinkButton>}
      />
    </Panel>
  );
}
