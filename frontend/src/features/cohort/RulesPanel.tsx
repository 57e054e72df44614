import { Badge, Button, Group, Select, Table, Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { LinkButton, Loaded, Panel, When } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { type Data, EXPECTED, formOf, type RulesForm } from "./rules";
import { RulesDifferences } from "./RulesDifferences";
import { t } from "./text";
import classes from "./rules.module.css";

type Version = Schemas["CohortRules"];
type Rules = Schemas["CohortRulesList"];

interface RulesPanelProps {
  /** The version of the cohort that is shown. */
  version: number;
  onBuild: (version: number) => void;
}

/** The rules of the cohort that is shown in words, every version that was kept, and what two of them say otherwise. */
export function RulesPanel({ version, onBuild }: RulesPanelProps) {
  const slug = useSlug();
  const rules = api.useQuery("get", "/api/v1/studies/{slug}/cohort/rules", { params: { path: { slug } } });
  const used = rules.data?.versions.find((each) => each.version === version);
  const mayEdit = rules.data?.may_edit ?? false;
  return (
    <>
      <Panel
        title={t("rules.title", { version })}
        lead={used?.note || t("rules.lead")}
        flush
        actions={mayEdit && <LinkButton to={`/studies/${slug}/cohort/rules`}>{t("rules.edit")}</LinkButton>}
      >
        <Loaded query={rules} height={240}>
          {() => used && <RulesInWords rules={formOf(used.rules as Data)} />}
        </Loaded>
      </Panel>
      {rules.data && <Versions rules={rules.data} used={version} onBuild={onBuild} />}
    </>
  );
}

function RulesInWords({ rules }: { rules: RulesForm }) {
  const { codes, switches, days, expected } = rules;
  const list = (field: keyof typeof codes) => codes[field].join(", ") || "–";
  const stated = EXPECTED.filter((step) => expected[step] !== null);
  const rows: [string, string][] = [
    [t("rules.primary"), t("rules.primary_text", { codes: list("primary.cpt") })],
    [
      t("rules.revision"),
      codes["revision.without_modifiers"].length > 0
        ? t("rules.revision_text", { codes: list("revision.cpt"), modifiers: list("revision.without_modifiers") })
        : t("rules.primary_text", { codes: list("revision.cpt") }),
    ],
    [t("rules.reason"), t("rules.reason_text", { right: list("reason.R"), left: list("reason.L") })],
    [t("rules.side"), switches.side_agreement ? t("rules.side_yes") : t("rules.side_no")],
    [t("rules.window"), t("rules.window_text", { before: days["window_days.before"] ?? 0, after: days["window_days.after"] ?? 0 })],
    [t("rules.interval"), intervalWords(days["since_primary_days.minimum"], days["since_primary_days.maximum"])],
    [t("rules.cementless"), switches.cementless ? t("rules.cementless_yes") : t("rules.cementless_no")],
    [t("rules.exclusion"), codes["exclusion.icd10cm"].length > 0 ? list("exclusion.icd10cm") : t("rules.exclusion_none")],
    [
      t("rules.second"),
      switches.only_reason
        ? t("rules.second_text", { right: list("second_reasons.R"), left: list("second_reasons.L"), either: list("second_reasons.either") })
        : t("rules.second_off"),
    ],
    [
      t("rules.comparison"),
      [
        t("rules.comparison_text", { days: days["comparison.minimum_follow_up_days"] ?? 0 }),
        switches["comparison.cementless"] ? t("rules.comparison_cementless") : "",
        switches["comparison.no_complication"] ? t("rules.comparison_no_complication") : "",
      ]
        .filter(Boolean)
        .join("; "),
    ],
    [
      t("rules.expected"),
      stated.map((step) => `${t(`expected.${step}`)} ${number(expected[step]!)}`).join(" → ") || t("rules.expected_none"),
    ],
  ];
  return (
    <Table verticalSpacing={6} horizontalSpacing="md">
      <Table.Tbody>
        {rows.map(([name, text]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w={170} style={{ verticalAlign: "top" }}>
              {name}
            </Table.Th>
            <Table.Td>{text}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function intervalWords(minimum: number | null, maximum: number | null): string {
  if (maximum !== null) return t("rules.interval_between", { minimum: minimum ?? 0, maximum });
  return minimum ? t("rules.interval_from", { minimum }) : t("rules.interval_any");
}

/** Every version with who saved it, when, and why; two of them beside each other. */
function Versions({ rules, used, onBuild }: { rules: Rules; used: number; onBuild: (version: number) => void }) {
  const slug = useSlug();
  const { versions, may_edit: mayEdit } = rules;
  const latest = versions[0]?.version ?? used;
  const [chosenEarlier, setEarlier] = useState<string | null>(null);
  const [chosenLater, setLater] = useState<string | null>(null);
  const earlier = chosenEarlier ?? String(versions[1]?.version ?? "published");
  const later = chosenLater ?? String(latest);
  const choices = [
    ...versions.map(({ version }) => ({ value: String(version), label: t("versions.version", { version }) })),
    { value: "published", label: t("versions.published") },
  ];
  const formFor = (name: string) => {
    const chosen = versions.find(({ version }) => String(version) === name);
    return formOf((chosen?.rules ?? rules.published) as Data);
  };
  return (
    <Panel title={t("versions.title")} lead={t("versions.lead")} flush>
      <Table verticalSpacing={6} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th className="number">{t("versions.number")}</Table.Th>
            <Table.Th>{t("versions.saved")}</Table.Th>
            <Table.Th>{t("versions.by")}</Table.Th>
            <Table.Th>{t("versions.note")}</Table.Th>
            <Table.Th className="number">{t("versions.cohorts")}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{t("versions.action")}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((each) => (
            <VersionRow key={each.version} version={each} isUsed={each.version === used} mayEdit={mayEdit} slug={slug} onBuild={onBuild} />
          ))}
        </Table.Tbody>
      </Table>
      <Group gap="xs" px="md" pt="sm" pb={4} align="center">
        <Text size="sm">{t("versions.compare")}</Text>
        <Select aria-label={t("versions.earlier")} size="xs" w={190} data={choices} value={earlier} onChange={(value) => setEarlier(value)} allowDeselect={false} />
        <Text size="sm">{t("versions.with")}</Text>
        <Select aria-label={t("versions.later")} size="xs" w={190} data={choices} value={later} onChange={(value) => setLater(value)} allowDeselect={false} />
      </Group>
      <RulesDifferences earlier={formFor(earlier)} later={formFor(later)} />
    </Panel>
  );
}

interface VersionRowProps {
  version: Version;
  isUsed: boolean;
  mayEdit: boolean;
  slug: string;
  onBuild: (version: number) => void;
}

function VersionRow({ version: each, isUsed, mayEdit, slug, onBuild }: VersionRowProps) {
  const { version, created_by: name, created_at: at, note, cohorts } = each;
  return (
    <Table.Tr>
      <Table.Td className="number">
        {isUsed && (
          <Badge variant="light" className={classes.added} mr={8} miw="max-content">
            {t("versions.in_use")}
          </Badge>
        )}
        {number(version)}
      </Table.Td>
      <Table.Td>
        <When at={at} />
      </Table.Td>
      <Table.Td>{name ?? "–"}</Table.Td>
      <Table.Td>{note || <span className="muted">{"–"}</span>}</Table.Td>
      <Table.Td className="number">{number(cohorts)}</Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {mayEdit && (
            <>
              <LinkButton to={`/studies/${slug}/cohort/rules?from=${version}`} size="compact-xs" variant="default" miw="max-content">
                {t("versions.edit")}
              </LinkButton>
              <Button size="compact-xs" variant="default" miw="max-content" onClick={() => onBuild(version)}>
                {t("versions.build")}
              </Button>
            </>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
