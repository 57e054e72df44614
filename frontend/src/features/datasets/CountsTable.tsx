import { Badge, Table, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { labelWord, partWord } from "@/shared/runs";
import { number, percent } from "@/shared/messages";
import { type Counts, overall, type PartCount, partRows } from "./counts";
import { t } from "./text";
import classes from "./datasets.module.css";

/** Part by label; each part opens to its sites. */
export function CountsTable({ counts }: { counts: readonly PartCount[] }) {
  const [open, setOpen] = useState<readonly string[]>([]);
  const rows = partRows(counts);
  const toggle = (part: string) =>
    setOpen((parts) => (parts.includes(part) ? parts.filter((other) => other !== part) : [...parts, part]));
  return (
    <Table className="numbers">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("part")}</Table.Th>
          <Table.Th ta="right">{labelWord("loose")}</Table.Th>
          <Table.Th ta="right">{labelWord("well_fixed")}</Table.Th>
          <Table.Th ta="right">{t("total")}</Table.Th>
          <Table.Th ta="right">{"% " + t("share_loose")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Fragment key={row.part}>
            <Table.Tr>
              <Table.Td>
                <UnstyledButton
                  className={classes.expand}
                  aria-expanded={open.includes(row.part)}
                  onClick={() => toggle(row.part)}
                >
                  {open.includes(row.part) ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
                  {partWord(row.part)}
                  <span className="muted">{t("sites", { count: row.sites.length })}</span>
                </UnstyledButton>
                {row.part === "test" && (
                  <Tooltip label={t("sealed_about")} multiline w={280}>
                    <Badge color="gray" ml="xs" tabIndex={0}>
                      {t("sealed")}
                    </Badge>
                  </Tooltip>
                )}
              </Table.Td>
              <Cells counts={row} />
            </Table.Tr>
            {open.includes(row.part) &&
              row.sites.map((site) => (
                <Table.Tr key={site.site} className={classes.site}>
                  <Table.Td pl={40}>{site.site}</Table.Td>
                  <Cells counts={site} />
                </Table.Tr>
              ))}
          </Fragment>
        ))}
      </Table.Tbody>
      {rows.length > 1 && (
        <Table.Tfoot>
          <Table.Tr className={classes.sum}>
            <Table.Td>{t("all")}</Table.Td>
            <Cells counts={overall(counts)} />
          </Table.Tr>
        </Table.Tfoot>
      )}
    </Table>
  );
}

function Cells({ counts }: { counts: Counts }) {
  return (
    <>
      <Table.Td ta="right">{number(counts.loose)}</Table.Td>
      <Table.Td ta="right">{number(counts.wellFixed)}</Table.Td>
      <Table.Td ta="right">{number(counts.total)}</Table.Td>
      <Table.Td ta="right">{counts.total ? percent(counts.loose / counts.total, 1) : "–"}</Table.Td>
    </>
  );
}
