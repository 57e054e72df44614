import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/shared/api";
import { Loaded, Page, Panel } from "@/shared/components";
import { relativeTime } from "@/shared/messages";
import { useStudy } from "@/shared/study";
import { BalancePanel } from "./BalancePanel";
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
  const [behind, setBehind] = useState<Behind | null>(null);
  const isCoordinator = roles.includes("coordinator");
  return (
    <>
      <Panel
        title={t("flow.title")}
        lead={isCoordinator ? t("flow.lead") : t("flow.lead_counts")}
      >
        <FlowDiagram
          flow={flow}
          exportName={`${slug}-cohort-flow`}
          caption={caption(flow)}
          onOpen={isCoordinator ? setBehind : undefined}
          onRadiographs={isCoordinator ? () => void navigate(`/studies/${slug}/radiographs`) : undefined}
        />
      </Panel>
      <BalancePanel flow={flow} />
      <RulesPanel version={flow.rules_version} />
      {isCoordinator && <ImportsPanel />}
      <FlowDrawer behind={behind} onClose={() => setBehind(null)} />
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
