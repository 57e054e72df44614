import { Table, Text } from "@mantine/core";
import { Panel } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import type { Flow } from "./flowLayout";
import { t, wordOf } from "./text";

const WORTH_A_LOOK = 0.1;
const SHARES = new Set(["female", "right_side"]);

export function BalancePanel({ flow }: { flow: Flow }) {
  const group = flow.comparison;
  if (!group || group.balance.length === 0) {
    return (
      <Panel title={t("balance.title")}>
        <Text className="muted">{t("balance.none")}</Text>
      </Panel>
    );
  }
  const coded = flow.steps.find(({ key }) => key === "coded")?.patients_out ?? 0;
  return (
    <Panel title={t("balance.title")} lead={t("balance.lead", { loosening: coded, comparison: group.drawn })} flush>
      <Table horizontalSpacing="md" verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("balance.variable")}</Table.Th>
            <Table.Th className="number">{t("balance.loosening")}</Table.Th>
            <Table.Th className="number">{t("balance.comparison")}</Table.Th>
            <Table.Th className="number">{t("balance.difference")}</Table.Th>
            <Table.Th>{t("balance.verdict")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {group.balance.map((row) => {
            const shown = (value: number) => (SHARES.has(row.variable) ? percent(value, 1) : number(value, 1));
            return (
              <Table.Tr key={row.variable}>
                <Table.Td>{wordOf("variable", row.variable)}</Table.Td>
                <Table.Td className="number">{shown(row.loosening)}</Table.Td>
                <Table.Td className="number">{shown(row.comparison)}</Table.Td>
                <Table.Td className="number">
                  {row.standardised_difference === null ? "–" : number(row.standardised_difference, 2)}
                </Table.Td>
                <Table.Td>{verdict(row.standardised_difference)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function verdict(difference: number | null): string {
  if (difference === null) return t("balance.undefined");
  return Math.abs(difference) > WORTH_A_LOOK ? t("balance.large") : t("balance.small");
}
