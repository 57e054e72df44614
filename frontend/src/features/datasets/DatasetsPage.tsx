import { Badge, Button, Group } from "@mantine/core";
import { IconSnowflake } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, EmptyState, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { Hash } from "@/shared/runs";
import { useStudy } from "@/shared/study";
import { FreezeDialog } from "./FreezeDialog";
import { splitText } from "./split";
import { t } from "./text";

type Version = Schemas["DatasetVersion"];

export function VersionState({ version }: { version: Version }) {
  return (
    <Group gap={6} wrap="nowrap">
      {version.is_practice && <Badge color="grape">{t("practice")}</Badge>}
      {version.stale_count > 0 ? <Badge color="yellow">{t("stale")}</Badge> : <Badge color="teal">{t("current")}</Badge>}
    </Group>
  );
}

const stateWords = ({ is_practice, stale_count }: Version): string =>
  [is_practice && t("practice"), stale_count ? t("stale") : t("current")].filter(Boolean).join(", ");

function columns(base: string): Column<Version>[] {
  return [
    {
      key: "name",
      label: t("name"),
      value: ({ name }) => name,
      show: ({ number, name }) => <TextLink to={`${base}/${number}`}>{name}</TextLink>,
    },
    { key: "version", label: t("number"), value: ({ number }) => number, number: true, width: 104 },
    { key: "cases", label: t("cases"), value: ({ case_count }) => case_count, number: true, width: 92 },
    { key: "split", label: t("split"), value: ({ split }) => splitText(split), width: 215 },
    {
      key: "state",
      label: t("state"),
      value: stateWords,
      show: (version) => <VersionState version={version} />,
      width: 205,
    },
    { key: "frozen_by", label: t("frozen_by"), value: ({ frozen_by }) => frozen_by ?? t("by_program"), wideOnly: true },
    { key: "frozen_at", label: t("frozen_at"), value: ({ frozen_at }) => frozen_at, show: ({ frozen_at }) => <When at={frozen_at} /> },
    { key: "sha256", label: t("hash"), value: ({ sha256 }) => sha256, show: ({ sha256 }) => <Hash value={sha256} digits={8} />, sortable: false, width: 140, wideOnly: true },
  ];
}

export function Component() {
  const study = useStudy();
  const navigate = useNavigate();
  const [freezing, setFreezing] = useState(false);
  const base = `/studies/${study.slug}/datasets`;
  const versions = api.useQuery("get", "/api/v1/studies/{slug}/datasets", { params: { path: { slug: study.slug } } });
  const mayFreeze = study.roles.some((role) => role === "researcher" || role === "coordinator");
  const freeze = mayFreeze && (
    <Button leftSection={<IconSnowflake size={16} />} onClick={() => setFreezing(true)}>
      {t("freeze")}
    </Button>
  );
  return (
    <Page title={t("title")} lead={t("lead")} actions={freeze}>
      <Panel flush>
        <Loaded query={versions}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState title={t("empty")} detail={t("empty_detail")} action={freeze} />
            ) : (
              <DataTable
                rows={rows}
                columns={columns(base)}
                rowKey={({ number }) => number}
                exportName={`${study.slug}-dataset-versions`}
                onRowClick={({ number }) => void navigate(`${base}/${number}`)}
              />
            )
          }
        </Loaded>
      </Panel>
      {mayFreeze && (
        <FreezeDialog
          opened={freezing}
          onClose={() => setFreezing(false)}
          onFrozen={({ number }) => void navigate(`${base}/${number}`)}
        />
      )}
    </Page>
  );
}
