import { Button, Tabs, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, EmptyState, Loaded, When } from "@/shared/components";
import { dateTime, duration, hasMessage, number, textOf } from "@/shared/messages";
import { Hash } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { DeviationDialog } from "./DeviationDialog";
import type { Protocol } from "./progress";
import { ReadersTable } from "./ReadersTable";
import { SettingsList } from "./SettingsList";
import { t } from "./text";
import classes from "./protocols.module.css";

type Coverage = Schemas["Coverage"];
type CaseTime = Schemas["CaseTime"];
type Deviation = Schemas["ListedDeviation"];

/** Everything of one protocol that is no answer: readers, coverage, times, deviations, settings. */
export function Oversight({ protocol, isAdministrator }: { protocol: Protocol; isAdministrator: boolean }) {
  const frozen = protocol.status !== "draft";
  return (
    <Tabs defaultValue={frozen ? "readers" : "settings"} keepMounted={false} px={0}>
      <Tabs.List px="md">
        {frozen && <Tabs.Tab value="readers">{t("tab.readers")}</Tabs.Tab>}
        {frozen && isAdministrator && <Tabs.Tab value="coverage">{t("tab.coverage")}</Tabs.Tab>}
        {frozen && isAdministrator && <Tabs.Tab value="times">{t("tab.times")}</Tabs.Tab>}
        {frozen && isAdministrator && <Tabs.Tab value="deviations">{t("tab.deviations")}</Tabs.Tab>}
        <Tabs.Tab value="settings">{t("tab.settings")}</Tabs.Tab>
        {protocol.amendments.length > 0 && (
          <Tabs.Tab value="amendments">{t("tab.amendments", { count: protocol.amendments.length })}</Tabs.Tab>
        )}
      </Tabs.List>
      <Tabs.Panel value="readers">
        <ReadersTable protocol={protocol} isAdministrator={isAdministrator} />
      </Tabs.Panel>
      <Tabs.Panel value="coverage">
        <CoverageTable protocol={protocol} />
      </Tabs.Panel>
      <Tabs.Panel value="times">
        <TimesTable protocol={protocol} />
      </Tabs.Panel>
      <Tabs.Panel value="deviations">
        <Deviations protocol={protocol} />
      </Tabs.Panel>
      <Tabs.Panel value="settings" pt="sm">
        <SettingsList protocol={protocol} />
      </Tabs.Panel>
      <Tabs.Panel value="amendments">
        <Amendments protocol={protocol} />
      </Tabs.Panel>
    </Tabs>
  );
}

function useParams(protocol: Protocol) {
  return { params: { path: { slug: useSlug(), protocol_id: protocol.id } } };
}

const COVERAGE: Column<Coverage>[] = [
  { key: "reader", label: t("reader"), value: (row) => row.reader },
  { key: "session", label: t("session"), value: (row) => row.number, number: true, width: 90 },
  { key: "cases", label: t("coverage.cases"), value: (row) => row.cases, number: true, width: 110 },
  { key: "planned", label: t("coverage.planned"), value: (row) => row.planned, number: true, width: 100 },
  { key: "read", label: t("coverage.read"), value: (row) => row.read, number: true, width: 90 },
  { key: "recused", label: t("coverage.recused"), value: (row) => row.recused, number: true, width: 100 },
  {
    key: "not_read",
    label: t("coverage.not_read"),
    value: (row) => row.not_read.join(" "),
    show: (row) => (row.not_read.length === 0 ? t("coverage.all") : `${number(row.not_read.length)}: ${row.not_read.join(", ")}`),
  },
];

function CoverageTable({ protocol }: { protocol: Protocol }) {
  const query = api.useQuery("get", "/api/v1/studies/{slug}/protocols/{protocol_id}/coverage", useParams(protocol), { staleTime: 0 });
  return (
    <Loaded query={query} height={160}>
      {(rows) => (
        <DataTable rows={rows} columns={COVERAGE} rowKey={(row) => `${row.reader} ${row.number}`} exportName={`protocol-${protocol.id}-coverage`} filterable={false} />
      )}
    </Loaded>
  );
}

const seconds = (value: number | null) => (value === null ? "–" : duration(value));
const TIMES: Column<CaseTime>[] = [
  { key: "reader", label: t("reader"), value: (row) => row.reader },
  { key: "session", label: t("session"), value: (row) => row.session, number: true, width: 90 },
  { key: "position", label: t("times.position"), value: (row) => row.position, number: true, width: 90 },
  { key: "case", label: t("times.case"), value: (row) => row.case, number: true, width: 80, show: (row) => (row.is_practice ? t("times.practice") : row.case) },
  { key: "opened_at", label: t("times.opened"), value: (row) => row.opened_at, show: (row) => (row.opened_at ? dateTime(row.opened_at) : "–") },
  { key: "to_first", label: t("times.first"), value: (row) => row.seconds_to_first_interaction, show: (row) => seconds(row.seconds_to_first_interaction), number: true, width: 120 },
  { key: "to_submit", label: t("times.submit"), value: (row) => row.seconds_to_submit, show: (row) => seconds(row.seconds_to_submit), number: true, width: 110 },
  { key: "focus", label: t("times.focus"), value: (row) => row.focus_seconds, show: (row) => seconds(row.focus_seconds), number: true, width: 100 },
];

function TimesTable({ protocol }: { protocol: Protocol }) {
  const query = api.useQuery("get", "/api/v1/studies/{slug}/protocols/{protocol_id}/times", useParams(protocol), { staleTime: 0 });
  return (
    <Loaded query={query} height={260}>
      {(rows) => (
        <DataTable rows={rows} columns={TIMES} rowKey={(row) => `${row.reader} ${row.session} ${row.position}`} exportName={`protocol-${protocol.id}-times`} maxHeight={420} pageSize={100} />
      )}
    </Loaded>
  );
}

function kindWord(kind: string): string {
  const key = `protocols.deviation.${kind}`;
  return hasMessage(key) ? textOf(key) : kind;
}

const DEVIATIONS: Column<Deviation>[] = [
  { key: "at", label: t("deviation.at"), value: (row) => row.at, show: (row) => <When at={row.at} />, width: 150 },
  { key: "kind", label: t("deviation.kind"), value: (row) => kindWord(row.kind), width: 190 },
  { key: "reader", label: t("reader"), value: (row) => row.reader, width: 160 },
  { key: "session", label: t("session"), value: (row) => row.session, number: true, width: 80 },
  { key: "detail", label: t("deviation.detail"), value: (row) => row.detail },
  { key: "recorded_by", label: t("deviation.by"), value: (row) => row.recorded_by, width: 150, wideOnly: true },
];

function Deviations({ protocol }: { protocol: Protocol }) {
  const [asking, setAsking] = useState(false);
  const query = api.useQuery("get", "/api/v1/studies/{slug}/protocols/{protocol_id}/deviations", useParams(protocol), { staleTime: 0 });
  const add = protocol.status === "open" && (
    <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAsking(true)}>
      {t("deviation_add")}
    </Button>
  );
  return (
    <>
      <Loaded query={query} height={160}>
        {(rows) => (
          <DataTable
            rows={rows}
            columns={DEVIATIONS}
            rowKey={(row) => `${row.at} ${row.kind} ${row.detail}`}
            exportName={`protocol-${protocol.id}-deviations`}
            tools={add}
            empty={<EmptyState title={t("no_deviations")} detail={t("no_deviations_detail")} />}
          />
        )}
      </Loaded>
      <DeviationDialog protocol={protocol} opened={asking} onClose={() => setAsking(false)} />
    </>
  );
}

function Amendments({ protocol }: { protocol: Protocol }) {
  return protocol.amendments.map(({ version, changes, reason, name, signed_at, sha256 }) => (
    <div key={version} className={classes.amendment}>
      <Text size="sm" fw={600}>{t("amendment", { version, name, when: dateTime(signed_at) })}</Text>
      <Text size="sm">{t("reason_was", { reason })}</Text>
      <Text size="xs" className="muted">
        {Object.entries(changes as Record<string, { from: unknown; to: unknown }>)
          .map(([field, { from, to }]) => `${field}: ${from === null ? "" : `${String(from)} → `}${String(to)}`)
          .join(" · ")}
      </Text>
      <Hash value={sha256} />
    </div>
  ));
}
