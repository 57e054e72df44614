import { ScrollArea, Table } from "@mantine/core";
import type { Schemas } from "@/shared/api";
import { number } from "@/shared/messages";
import { t } from "./text";

/** Every fold of every repeat, with what its parts hold; a fold that is a site bears its code. */
export function FoldsTable({ folds }: { folds: readonly Schemas["FoldCount"][] }) {
  const repeated = folds.some(({ repeat }) => repeat > 1);
  const bySite = folds.some(({ site }) => site);
  const cell = (value: number) => <Table.Td ta="right">{number(value)}</Table.Td>;
  return (
    <ScrollArea.Autosize mah={420}>
      <Table className="numbers" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {repeated && <Table.Th>{t("repeat")}</Table.Th>}
            <Table.Th>{bySite ? t("site_left_out") : t("fold")}</Table.Th>
            <Table.Th ta="right">{t("folds.training")}</Table.Th>
            <Table.Th ta="right">{t("folds.validation")}</Table.Th>
            <Table.Th ta="right">{t("folds.test")}</Table.Th>
            <Table.Th ta="right">{t("folds.test_by_label")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {folds.map((row) => (
            <Table.Tr key={`${row.repeat} ${row.fold}`}>
              {repeated && <Table.Td>{row.repeat}</Table.Td>}
              <Table.Td>{row.site || row.fold}</Table.Td>
              {cell(row.training)}
              {cell(row.validation)}
              {cell(row.test)}
              <Table.Td ta="right">{`${number(row.test_loose)} + ${number(row.test_well_fixed)}`}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
