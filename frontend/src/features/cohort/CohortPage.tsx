import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { api } from "@/shared/api";
import { Loaded, Page, Panel } from "@/shared/components";
import { relativeTime } from "@/shared/messages";
import { useStudy } from "@/shared/study";
import { BuildDialog } from "./BuildDialog";
import { ComparisonPanel } from "./ComparisonPanel";
import { FlowDiagram } from "./FlowDiagram";
import { FlowDrawer } from "./FlowDrawer";
import { type Behind, expectations, type Flow } from "./flowLayout";
import { ImportsPanel } from "./ImportsPanel";
import { NoCohort } from "./NoCohort";
import { RulesPanel } from "./RulesPanel";
import { t } from "./text";

export function Component() {
  const { slug } = useStudy();
  const cohort = api.useQuery("get", "/api/v1/studies/{slug}/cohort", { params: { path: { slug } } });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded query={cohort} height={520}>
        {({ flow }) => (flow ? <Built flow={flow} /> : <NoCohort />)}
      </Loaded>
    </Page>
  );
}

function Built({ flow }: { flow: Flow }) {
  const { slug, roles } = useStudy();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [behind, setBehind] = useState<Behind | null>(null);
  const isCoordinator = roles.includes("coordinator");
  const mayBuild = isCoordinator || roles.includes("administrator");
  const build = mayBuild ? Number(search.get("build")) || null : null;
  const askToBuild = (version: number | null) => setSearch(version === null ? {} : { build: String(version) }, { replace: true });
  return (
    <>
      <Panel title={t("flow.title")} lead={isCoordinator ? t("flow.lead") : t("flow.lead_counts")}>
        <FlowDiagram
          flow={flow}
          exportName={`${slug}-cohort-flow`}
          caption={caption(flow)}
          onOpen={isCoordinator ? setBehind : undefined}
          onRadiographs={isCoordinator ? () => void navigate(`/studies/${slug}/radiographs`) : undefined}
        />
      </Panel>
      <ComparisonPanel flow={flow} mayDraw={mayBuild} />
      <RulesPanel version={flow.rules_version} onBuild={askToBuild} />
      {isCoordinator && <ImportsPanel />}
      <FlowDrawer behind={behind} onClose={() => setBehind(null)} />
      <BuildDialog key={build ?? 0} version={build} flow={flow} onClose={() => askToBuild(null)} />
    </>
  );
}

function caption(flow: Flow): string {
  const { rules_version: version, built_at: at, built_by: name } = flow;
  const when = relativeTime(at);
  const built = name ? t("built_by", { version, name, when }) : t("built", { version, when });
  const { stated, differing } = expectations(flow);
  if (stated === 0) return built;
  const check = differing ? t("flow.some_differ", { count: differing }) : t("flow.all_match", { count: stated });
  return `${built}. ${check}`;
}
