import { Button, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { api, client } from "@/shared/api";
import { EmptyState, ErrorNotice, LinkButton, Loaded, Panel } from "@/shared/components";
import { useSlug, useStudy } from "@/shared/study";
import { useMutation } from "@tanstack/react-query";
import { ImportsPanel } from "./ImportsPanel";
import { t } from "./text";

/** What to do before there is a flow: import, then build. */
export function NoCohort() {
  const { roles } = useStudy();
  if (!roles.includes("coordinator")) {
    return (
      <Panel>
        <EmptyState title={t("none.title")} detail={t("none.others")} />
      </Panel>
    );
  }
  return <ForCoordinators />;
}

function ForCoordinators() {
  const slug = useSlug();
  const imports = api.useQuery("get", "/api/v1/studies/{slug}/registry/imports", { params: { path: { slug } } });
  return (
    <Loaded query={imports}>
      {(records) =>
        records.some(({ phase }) => phase === "applied") ? (
          <Stack gap="md">
            <Panel>
              <BuildFirst />
            </Panel>
            <ImportsPanel />
          </Stack>
        ) : (
          <Panel>
            <EmptyState
              title={t("none.title")}
              detail={t("none.import")}
              action={<LinkButton to={`/studies/${slug}/registry`}>{t("none.import_action")}</LinkButton>}
            />
          </Panel>
        )
      }
    </Loaded>
  );
}

function BuildFirst() {
  const slug = useSlug();
  const queries = useQueryClient();
  const path = { slug };
  const build = useMutation({
    mutationFn: async () => {
      const { data } = await client.GET("/api/v1/studies/{slug}/cohort/rules", { params: { path } });
      const kept = data?.versions[0];
      const rules = data?.published ?? {};
      const saved = kept ?? (await client.POST("/api/v1/studies/{slug}/cohort/rules", { params: { path }, body: { rules, note: "" } })).data;
      const body = { version: saved?.version ?? 1 };
      return client.POST("/api/v1/studies/{slug}/cohort/build", { params: { path }, body });
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <>
      <EmptyState
        title={t("none.title")}
        detail={t("none.build")}
        action={
          <Button loading={build.isPending} onClick={() => build.mutate()}>
            {t("none.build_action")}
          </Button>
        }
      />
      <ErrorNotice error={build.error} />
    </>
  );
}
