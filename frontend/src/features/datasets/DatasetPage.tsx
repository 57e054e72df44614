import { Alert, Badge, Button, Grid, Group, List, SimpleGrid, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconDownload, IconMinus, IconX } from "@tabler/icons-react";
import { useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { Loaded, Page, Panel, Stat, TextLink, When } from "@/shared/components";
import { dateTime, number, percent } from "@/shared/messages";
import { Hash, partWord } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { overall, partRows } from "./counts";
import { CountsTable } from "./CountsTable";
import { VersionState } from "./DatasetsPage";
import { ratioOf, ratioText } from "./split";
import { t } from "./text";
import classes from "./datasets.module.css";

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
      actions={
        version && (
          <Button
            component="a"
            href={`/api/v1/studies/${slug}/datasets/${wanted}/manifest`}
            download
            variant="default"
            leftSection={<IconDownload size={16} />}
            title={t("manifest_about")}
          >
            {t("manifest")}
          </Button>
        )
      }
    >
      <Loaded query={query} height={400}>
        {(loaded) => <VersionBody version={loaded} />}
      </Loaded>
    </Page>
  );
}

function VersionBody({ version }: { version: Version }) {
  const all = overall(version.counts);
  return (
    <>
      {version.stale_reasons.length > 0 && <StaleNotice version={version} />}
      <Panel>
        <SimpleGrid cols={{ base: 2, sm: 4, md: 6 }} spacing="lg">
          <Stat label={t("cases")} value={number(version.case_count)} about={t("cases_about")} detail={all.total ? `${percent(all.loose / all.total, 1)} ${t("share_loose").toLowerCase()}` : undefined} />
          {partRows(version.counts).map((row) => (
            <Stat
              key={row.part}
              label={partWord(row.part)}
              value={number(row.total)}
              detail={t("by_label", { loose: row.loose, well_fixed: row.wellFixed })}
              about={row.part === "test" ? t("sealed_about") : undefined}
            />
          ))}
        </SimpleGrid>
      </Panel>
      <Panel title={t("counts")} flush>
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
    </>
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

const CHECKS = { patient: "check_patient", pixel_sha256: "check_pixel_sha256", perceptual_hash: "check_perceptual_hash" } as const;

function Disjointness({ version }: { version: Version }) {
  const { problems, suspects, checked, cases, nearest_across_parts_bits: nearest } = version.disjointness;
  const sound = problems.length === 0;
  if (version.is_practice) {
    return <Panel title={t("disjoint")}>{t("disjoint_practice")}</Panel>;
  }
  return (
    <Panel title={sound ? t("disjoint") : t("not_disjoint")} lead={t("disjoint_lead", { count: cases })}>
      <Stack gap="xs">
        {checked.map((check) => {
          const compared = check !== "perceptual_hash" || nearest != null;
          const failed = check === "perceptual_hash" ? suspects.length > 0 : !sound;
          const key = CHECKS[check as keyof typeof CHECKS];
          return (
            <Group key={check} gap="xs" wrap="nowrap">
              <ThemeIcon size="sm" radius="xl" color={failed ? "yellow" : compared ? "teal" : "gray"} variant="light">
                {failed ? <IconX size={13} /> : compared ? <IconCheck size={13} /> : <IconMinus size={13} />}
              </ThemeIcon>
              <Text size="sm">{key ? t(key) : check}</Text>
              {failed && <Badge color="yellow">{t("problem_found")}</Badge>}
            </Group>
          );
        })}
        <Text size="sm" className="muted">
          {nearest == null ? t("nearest_none") : t("nearest", { count: nearest })}
        </Text>
        {problems.length > 0 && <Sentences sentences={problems} />}
        {suspects.length > 0 && (
          <>
            <Text size="sm" fw={600}>
              {t("suspects")}
            </Text>
            <Text size="sm" className="muted">
              {t("suspects_about")}
            </Text>
            <Sentences sentences={suspects} />
          </>
        )}
      </Stack>
    </Panel>
  );
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <List size="sm">
      {sentences.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  );
}

const WORDS = { patient: "word_patient", label: "word_label", site: "word_site" } as const;
const words = (value: unknown): string =>
  [value]
    .flat()
    .map((word) => (word === "patient" || word === "label" || word === "site" ? t(WORDS[word]) : String(word)))
    .join(", ");

function Identity({ version }: { version: Version }) {
  const ratio = ratioOf(version.split);
  return (
    <Panel title={t("identity")}>
      <dl className={classes.facts}>
        <dt>{t("hash")}</dt>
        <dd>
          <Hash value={version.sha256} />
        </dd>
        <dt>{t("frozen_at")}</dt>
        <dd>{dateTime(version.frozen_at) + " · " + (version.frozen_by ?? t("by_program"))}</dd>
        {ratio && (
          <>
            <dt>{t("split")}</dt>
            <dd className="numbers">{ratioText(ratio)}</dd>
            <dt>{t("seed")}</dt>
            <dd className="numbers">{ratio.seed ?? "–"}</dd>
          </>
        )}
        {"grouped_by" in version.split && (
          <>
            <dt>{t("grouped")}</dt>
            <dd>{words(version.split.grouped_by)}</dd>
            <dt>{t("stratified")}</dt>
            <dd>{words(version.split.stratified_by)}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}
