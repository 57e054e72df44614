import { Button, Table, Text } from "@mantine/core";
import { useState } from "react";
import { type Column, DataTable, EmptyState, Panel } from "@/shared/components";
import { number, percent, relativeTime } from "@/shared/messages";
import type { Schemas } from "@/shared/api";
import { DrawDialog } from "./DrawDialog";
import type { Flow } from "./flowLayout";
import { t, wordOf } from "./text";

type Draw = Schemas["Draw"];
type Stratum = Schemas["Stratum"];
const WORTH_A_LOOK = 0.1;
const SHARES = new Set(["female", "right_side"]);

/** The comparison group: how it was drawn, how alike the groups are before and after, and what could not be matched. */
export function ComparisonPanel({ flow, mayDraw }: { flow: Flow; mayDraw: boolean }) {
  const [drawing, setDrawing] = useState(false);
  const { draw, eligible } = flow.comparison;
  const button = mayDraw && eligible > 0 && (
    <Button size="xs" variant={draw ? "default" : "filled"} onClick={() => setDrawing(true)}>
      {draw ? t("draw.again") : t("draw.title")}
    </Button>
  );
  return (
    <>
      <Panel title={t("balance.title")} lead={draw ? drawnWords(draw) : undefined} actions={draw && button} flush>
        {draw ? <Balance draw={draw} /> : <NotDrawn eligible={eligible} action={button} />}
      </Panel>
      {draw && draw.strata.length > 0 && <Strata draw={draw} />}
      <DrawDialog opened={drawing} flow={flow} onClose={() => setDrawing(false)} />
    </>
  );
}

function NotDrawn({ eligible, action }: { eligible: number; action: React.ReactNode }) {
  return (
    <EmptyState
      title={t("balance.none")}
      detail={eligible > 0 ? t("balance.none_detail", { eligible }) : t("balance.none_eligible")}
      action={action}
    />
  );
}

function drawnWords(draw: Draw): string {
  const { drawn, eligible_when_drawn: eligible, seed, cases } = draw;
  const scheme =
    draw.matched_by.length > 0
      ? t("balance.matched", { by: draw.matched_by.map((each) => t(`stratum.${each}`).toLowerCase()).join(", "), per_case: draw.per_case })
      : t("balance.plain");
  const group = t(`balance.against_${draw.against}`, { cases });
  const words = t("balance.drawn", { drawn, eligible, scheme, group, seed: String(seed), when: relativeTime(draw.drawn_at) });
  return draw.is_kept ? `${words} ${t("balance.kept")}` : words;
}

function Balance({ draw }: { draw: Draw }) {
  if (draw.balance.length === 0) {
    return (
      <Text className="muted" p="md">
        {t("balance.unknown")}
      </Text>
    );
  }
  return (
    <>
      <Table horizontalSpacing="md" verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("balance.variable")}</Table.Th>
            <Table.Th className="number">{t(`balance.group_${draw.against}`)}</Table.Th>
            <Table.Th className="number">{t("balance.eligible")}</Table.Th>
            <Table.Th className="number">{t("balance.comparison")}</Table.Th>
            <Table.Th className="number">{t("balance.before")}</Table.Th>
            <Table.Th className="number">{t("balance.after")}</Table.Th>
            <Table.Th>{t("balance.verdict")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {draw.balance.map((row) => {
            const shown = (value: number | null) =>
              value === null ? "–" : SHARES.has(row.variable) ? percent(value, 1) : number(value, 1);
            return (
              <Table.Tr key={row.variable}>
                <Table.Td>{wordOf("variable", row.variable)}</Table.Td>
                <Table.Td className="number">{shown(row.loosening)}</Table.Td>
                <Table.Td className="number">{shown(row.eligible)}</Table.Td>
                <Table.Td className="number">{shown(row.comparison)}</Table.Td>
                <Table.Td className="number">{difference(row.difference_before)}</Table.Td>
                <Table.Td className="number">{difference(row.difference_after)}</Table.Td>
                <Table.Td>{verdict(row.difference_after)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      <Text size="xs" className="muted" px="md" pt={6} pb="sm">
        {t("balance.lead")}
      </Text>
    </>
  );
}

const difference = (value: number | null) => (value === null ? "–" : number(value, 2));

function verdict(value: number | null): string {
  if (value === null) return t("balance.undefined");
  return Math.abs(value) > WORTH_A_LOOK ? t("balance.large") : t("balance.small");
}

/** Every stratum of the loosening group, those that came short first: nothing is left out unsaid. */
function Strata({ draw }: { draw: Draw }) {
  const missing = draw.strata.reduce((sum, { wanted, drawn }) => sum + wanted - drawn, 0);
  const rows = [...draw.strata].sort((a, b) => b.wanted - b.drawn - (a.wanted - a.drawn));
  const columns: Column<Stratum>[] = [
    ...draw.matched_by.map((variable) => ({
      key: variable,
      label: t(`stratum.${variable}`),
      value: ({ stratum }: Stratum) => stratumWord(variable, stratum[variable] ?? ""),
    })),
    { key: "cases", label: t("strata.cases"), value: ({ cases }) => cases, number: true },
    { key: "wanted", label: t("strata.wanted"), value: ({ wanted }) => wanted, number: true },
    { key: "eligible", label: t("strata.eligible"), value: ({ eligible }) => eligible, number: true },
    { key: "drawn", label: t("strata.drawn"), value: ({ drawn }) => drawn, number: true },
    { key: "missing", label: t("strata.missing"), value: ({ wanted, drawn }) => wanted - drawn, number: true },
  ];
  return (
    <Panel
      title={t("strata.title")}
      lead={missing > 0 ? t("strata.some_missing", { count: missing, drawn: draw.drawn }) : t("strata.all_matched")}
      flush
    >
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={({ stratum }) => Object.values(stratum).join(" ")}
        exportName="comparison-strata"
        filterable={false}
        maxHeight={360}
        pageSize={200}
      />
    </Panel>
  );
}

function stratumWord(variable: string, value: string): string {
  if (variable === "sex") return t(`sex.${value as "F"}`);
  if (variable === "side") return t(`side.${value as "R"}`);
  return value;
}
