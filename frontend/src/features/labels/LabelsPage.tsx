import { Anchor, Group, Select, Table } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { About, type Column, DataTable, EmptyState, Loaded, Page, Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { type Label, useAllLabels } from "./allLabels";
import { LabelDrawer } from "./LabelDrawer";
import { reasonWord, t } from "./text";
import { componentWord, type Rung, RUNGS, rungWord, sideWord, type Value, VALUES } from "./words";

export function Component() {
  const labels = useAllLabels();
  const [asked, setAsked] = useSearchParams();
  const opened = Number(asked.get("label")) || null;
  const open = (id: number | null) =>
    setAsked((now) => {
      if (id === null) now.delete("label");
      else now.set("label", String(id));
      return now;
    });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded query={labels} height={420}>
        {({ labels: rows, counts }) =>
          rows.length === 0 ? (
            <Panel>
              <EmptyState title={t("none.title")} detail={t("none.detail")} />
            </Panel>
          ) : (
            <>
              <Counts counts={counts} />
              <LabelTable labels={rows} onOpen={open} />
            </>
          )
        }
      </Loaded>
      <LabelDrawer
        labelId={opened}
        noteId={labels.data?.labels.find(({ id }) => id === opened)?.note_id ?? null}
        onClose={() => open(null)}
        onCorrected={open}
      />
    </Page>
  );
}

function Counts({ counts }: { counts: readonly { value: Value; rung: Rung; hips: number; frozen: number }[] }) {
  const hipsOf = (value: Value, rung: Rung | null) =>
    counts.filter((row) => row.value === value && (rung === null || row.rung === rung)).reduce((sum, { hips }) => sum + hips, 0);
  const frozenOf = (value: Value) => counts.filter((row) => row.value === value).reduce((sum, { frozen }) => sum + frozen, 0);
  const rungs = RUNGS.filter((rung) => counts.some((row) => row.rung === rung));
  return (
    <Panel title={t("counts.title")} lead={t("counts.lead")} flush>
      <Table horizontalSpacing="md" verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("counts.value")}</Table.Th>
            {rungs.map((rung) => (
              <Table.Th key={rung} className="number">
                <Group gap={2} justify="flex-end" wrap="nowrap">
                  {t(`rung.${rung}`)}
                  <About>{t(`rung_about.${rung}`)}</About>
                </Group>
              </Table.Th>
            ))}
            <Table.Th className="number">{t("counts.total")}</Table.Th>
            <Table.Th className="number">
              <Group gap={2} justify="flex-end" wrap="nowrap">
                {t("counts.frozen")}
                <About>{t("rung_about.frozen")}</About>
              </Group>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {VALUES.map((value) => (
            <Table.Tr key={value}>
              <Table.Th scope="row">{t(`value.${value}`)}</Table.Th>
              {rungs.map((rung) => (
                <Table.Td key={rung} className="number">
                  {hipsOf(value, rung) ? number(hipsOf(value, rung)) : "–"}
                </Table.Td>
              ))}
              <Table.Td className="number" fw={650}>
                {number(hipsOf(value, null))}
              </Table.Td>
              <Table.Td className="number">{frozenOf(value) ? number(frozenOf(value)) : "–"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function columnsFor(onOpen: (id: number) => void): Column<Label>[] {
  const side = (label: Label) => sideWord(label.side);
  return [
    {
      key: "patient",
      label: t("column.patient"),
      value: ({ patient }) => patient,
      show: (label) => (
        <Anchor
          component="button"
          type="button"
          size="sm"
          style={{ whiteSpace: "nowrap" }}
          aria-label={t("detail.open", { patient: label.patient, side: side(label) })}
          onClick={() => onOpen(label.id)}
        >
          {label.patient}
        </Anchor>
      ),
    },
    { key: "side", label: t("column.side"), value: side },
    { key: "site", label: t("column.site"), value: ({ site }) => site, wideOnly: true },
    { key: "value", label: t("column.value"), value: ({ value }) => t(`value.${value}`), width: 120 },
    { key: "rung", label: t("column.rung"), value: rungWord, width: 165 },
    { key: "loose_component", label: t("column.component"), value: componentWord },
    { key: "version", label: t("column.version"), value: ({ version }) => version, number: true, wideOnly: true },
    { key: "note_readers", label: t("column.readers"), value: (label) => label.note_readers, show: readers, number: true, wideOnly: true },
    { key: "reason", label: t("column.reason"), value: ({ reason }) => reasonWord(reason), width: 190 },
    { key: "decided_by", label: t("column.decided_by"), value: (label) => label.decided_by ?? t("decided_by.rules"), wideOnly: true },
  ];
}

function readers({ note_readers: count, note_id: note }: Label): string {
  if (note === null) return "–";
  return number(count);
}

const isOn = (label: Label, rung: string): boolean => (rung === "frozen" ? label.frozen_in.length > 0 : label.rung === rung);

function LabelTable({ labels, onOpen }: { labels: readonly Label[]; onOpen: (id: number) => void }) {
  const slug = useSlug();
  const [value, setValue] = useState<string | null>(null);
  const [rung, setRung] = useState<string | null>(null);
  const rows = labels.filter((label) => (!value || label.value === value) && (!rung || isOn(label, rung)));
  return (
    <Panel title={t("table.title")} flush>
      <DataTable
        rows={rows}
        columns={columnsFor(onOpen)}
        rowKey={({ id }) => id}
        exportName={`${slug}-labels`}
        tools={
          <>
            <Select
              size="xs"
              w={150}
              aria-label={t("table.value")}
              placeholder={t("filter.all_values")}
              data={VALUES.map((each) => ({ value: each, label: t(`value.${each}`) }))}
              value={value}
              onChange={setValue}
              clearable
            />
            <Select
              size="xs"
              w={170}
              aria-label={t("table.rung")}
              placeholder={t("filter.all_rungs")}
              data={[...RUNGS, "frozen" as const].map((each) => ({ value: each, label: t(`rung.${each}`) }))}
              value={rung}
              onChange={setRung}
              clearable
            />
          </>
        }
      />
    </Panel>
  );
}
