import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { api, type Schemas } from "@/shared/api";
import { Loaded, Panel } from "@/shared/components";
import { number, relativeTime } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { readRules, type RulesInWords } from "./rules";
import { t } from "./text";

type Version = Schemas["CohortRules"];

/** The rules of the cohort that is shown, in words, with their version, who saved it, and when. */
export function RulesPanel({ version }: { version: number }) {
  const slug = useSlug();
  const rules = api.useQuery("get", "/api/v1/studies/{slug}/cohort/rules", { params: { path: { slug } } });
  const used = rules.data?.versions.find((each) => each.version === version);
  const others = (rules.data?.versions.length ?? 1) - 1;
  return (
    <Panel title={t("rules.title")} lead={used && savedWords(used)} flush>
      <Loaded query={rules} height={240}>
        {() => used && <RulesTable rules={readRules(used.rules as Record<string, unknown>)} others={others} />}
      </Loaded>
    </Panel>
  );
}

function savedWords({ version, created_by: name, created_at: at }: Version): string {
  const when = relativeTime(at);
  return name ? t("rules.version", { version, name, when }) : t("rules.version_unknown", { version, when });
}

function RulesTable({ rules, others }: { rules: RulesInWords; others: number }) {
  return (
    <>
      <Table verticalSpacing={7} horizontalSpacing="md">
        <Table.Tbody>
          <Rule name={t("rules.primary")}>{t("rules.primary_text", { codes: rules.primary })}</Rule>
          <Rule name={t("rules.revision")}>
            {t("rules.revision_text", { codes: rules.revision, modifiers: rules.modifiers })}
          </Rule>
          <Rule name={t("rules.reason")} note={t("rules.reason_meaning")}>
            {t("rules.reason_text", { right: rules.right, left: rules.left })}
          </Rule>
          <Rule name={t("rules.window")}>{t("rules.window_text", { before: rules.before, after: rules.after })}</Rule>
          <Rule name={t("rules.second")}>
            {t("rules.second_text", { right: rules.secondRight, left: rules.secondLeft, either: rules.secondEither })}
          </Rule>
          <Rule name={t("rules.cementless")}>
            {rules.cementless ? t("rules.cementless_yes") : t("rules.cementless_no")}
          </Rule>
          <Rule name={t("rules.comparison")}>{t("rules.comparison_text", { days: rules.followUpDays })}</Rule>
          <Rule name={t("rules.expected")}>
            {rules.expected.length === 0
              ? t("rules.expected_none")
              : rules.expected.map(([, patients]) => number(patients)).join(" → ")}
          </Rule>
        </Table.Tbody>
      </Table>
      <Text size="xs" className="muted" px="md" pt={6} pb="sm">
        {t("rules.wildcards")}
        {others > 0 && " "}
        {others > 0 && t("rules.other_versions", { count: others })}
      </Text>
    </>
  );
}

function Rule({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={170} style={{ verticalAlign: "top" }}>
        {name}
      </Table.Th>
      <Table.Td>
        {children}
        {note && (
          <Text size="xs" className="muted">
            {note}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
