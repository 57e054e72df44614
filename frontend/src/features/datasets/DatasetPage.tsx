import { Alert, Button, Grid, List, Menu, SimpleGrid, Text } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconDownload } from "@tabler/icons-react";
import { useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { Loaded, Page, Panel, Stat, TextLink, When } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { partWord } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { overall, partRows } from "./counts";
import { CountsTable } from "./CountsTable";
import { VersionState } from "./DatasetsPage";
import { Differences } from "./Differences";
import { Disjointness } from "./Disjointness";
import { FoldsTable } from "./FoldsTable";
import { Identity } from "./Identity";
import { Notice, Sentences } from "./Notice";
import { t } from "./text";

type Version = Schemas["DatasetVersionDetail"];

export function Component() {
  const slug = useSlug();
  const wanted = Number(useParams().number);
  const path = { slug, number: wanted };
  const query = api.useQuery("get", "/api/v1/studies/{slug}/datasets/{number}", { params: { path } });
  const version = query.data;
  return (
    <Page
      title={version ? t("version", { number: version.number, name: version.name }) : `${t("number")} ${wanted}`}
      above={<TextLink to={`/studies/${slug}/datasets`}>{t("back")}</TextLink>}
      lead={version && <VersionState version={version} />}
      actions={version && <ManifestMenu slug={slug} version={version} />}
    >
      <Loaded query={query} height={400}>
        {(loaded) => <VersionBody version={loaded} />}
      </Loaded>
    </Page>
  );
}

function ManifestMenu({ slug, version }: { slug: string; version: Version }) {
  const address = `/api/v1/studies/${slug}/datasets/${version.number}/manifest`;
  const item = (href: string, label: string) => (
    <Menu.Item component="a" href={href} download>
      {label}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end" width={330}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} rightSection={<IconChevronDown size={14} />}>
          {t("manifest")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {item(address, t("manifest_json"))}
        {item(`${address}.csv`, t("manifest_csv"))}
        <Menu.Divider />
        <Text size="xs" className="muted" px="sm" pb="xs">
          {version.sealed_count === 0
            ? t("manifest_open")
            : t(version.sees_sealed ? "manifest_sealed_given" : "manifest_sealed", { count: version.sealed_count })}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
}

function VersionBody({ version }: { version: Version }) {
  const byFolds = version.folds.length > 0;
  return (
    <>
      {version.stale_reasons.length > 0 && <StaleNotice version={version} />}
      {version.open_before > 0 && (
        <Notice title={t("open_before", { count: version.open_before })}>{t("open_before_about")}</Notice>
      )}
      {version.remarks.length > 0 && (
        <Notice title={t("remarks")}>
          <Sentences sentences={version.remarks.slice(0, 8)} more={version.remarks.length - 8} />
        </Notice>
      )}
      <Totals version={version} byFolds={byFolds} />
      {byFolds && (
        <Panel title={t("folds")} lead={t("folds_lead")} flush>
          <FoldsTable folds={version.folds} />
        </Panel>
      )}
      <Panel title={byFolds ? t("counts_first_fold") : t("counts")} flush>
        <CountsTable counts={version.counts} />
      </Panel>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Disjointness version={version} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Identity version={version} />
        </Grid.Col>
      </Grid>
      <Differences version={version} />
    </>
  );
}

function Totals({ version, byFolds }: { version: Version; byFolds: boolean }) {
  const all = overall(version.counts);
  const share = all.total ? `${percent(all.loose / all.total, 1)} ${t("share_loose").toLowerCase()}` : undefined;
  return (
    <Panel>
      <SimpleGrid cols={{ base: 2, sm: 4, md: 6 }} spacing="lg">
        <Stat label={t("cases")} value={number(version.case_count)} about={t("cases_about")} detail={share} />
        {byFolds ? (
          <Stat
            label={t("folds")}
            value={number(new Set(version.folds.map(({ fold }) => fold)).size)}
            detail={t("repeats", { count: Math.max(...version.folds.map(({ repeat }) => repeat)) })}
          />
        ) : (
          partRows(version.counts).map((row) => (
            <Stat
              key={row.part}
              label={partWord(row.part)}
              value={number(row.total)}
              detail={t("by_label", { loose: row.loose, well_fixed: row.wellFixed })}
              about={row.part === "test" ? t("sealed_about") : undefined}
            />
          ))
        )}
      </SimpleGrid>
    </Panel>
  );
}

function StaleNotice({ version }: { version: Version }) {
  const shown = version.stale_reasons.slice(0, 5);
  const more = version.stale_reasons.length - shown.length;
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle />} title={t("stale_title")}>
      <Text size="sm">{t("stale_detail")}</Text>
      <List size="sm" mt="xs">
        {shown.map(({ reason, at }) => (
          <List.Item key={at + reason}>
            {reason + " · "}
            <span className="muted">
              <When at={at} />
            </span>
          </List.Item>
        ))}
        {more > 0 && <List.Item>{t("stale_more", { count: more })}</List.Item>}
      </List>
    </Alert>
  );
}
