import { Accordion, Badge, Group, Table, Text } from "@mantine/core";
import { number } from "@/shared/messages";
import { kindWord, type RegistryFile } from "./imports";
import { t } from "./text";
import classes from "./registry.module.css";

export const hasSomethingToSay = (file: RegistryFile): boolean =>
  file.warnings.length > 0 || file.ignored.length > 0 || file.changes.some(({ cells, columns }) => cells.length || columns.length);

/** What would change, what is odd, and what was passed over: each behind a line. */
export function Details({ file }: { file: RegistryFile }) {
  const changes = file.changes.filter(({ cells, columns }) => cells.length || columns.length);
  if (!hasSomethingToSay(file)) return null;
  return (
    <Accordion multiple chevronPosition="left">
      {changes.map((change) => (
        <Accordion.Item key={change.kind} value={`changes ${change.kind}`}>
          <Accordion.Control>
            <Group gap="xs">
              <Text size="sm" fw={600}>
                {t("changes_in", { kind: kindWord(change.kind) })}
              </Text>
              {change.columns.map(({ column, rows }) => (
                <Badge key={column} color="gray" variant="light" tt="none">
                  {`${column}: ${number(rows)}`}
                </Badge>
              ))}
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Changes cells={change.cells} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
      {file.warnings.length > 0 && (
        <Accordion.Item value="warnings">
          <Accordion.Control>
            <Text size="sm" fw={600}>
              {t("warnings", { count: file.warnings.length })}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            <Warnings warnings={file.warnings} />
          </Accordion.Panel>
        </Accordion.Item>
      )}
      {file.ignored.length > 0 && (
        <Accordion.Item value="ignored">
          <Accordion.Control>
            <Text size="sm" fw={600}>
              {t("ignored", { count: file.ignored.length })}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            <Text size="sm">{file.ignored.map(({ name, rows }) => (rows ? `${name} (${number(rows)})` : name)).join(", ")}</Text>
          </Accordion.Panel>
        </Accordion.Item>
      )}
    </Accordion>
  );
}

function Changes({ cells }: { cells: RegistryFile["changes"][number]["cells"] }) {
  return (
    <>
      <Text size="sm" className="muted" mb="xs">
        {t("changes_about", { count: cells.length })}
      </Text>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("line")}</Table.Th>
            <Table.Th>{t("patient")}</Table.Th>
            <Table.Th>{t("column")}</Table.Th>
            <Table.Th>{t("change")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cells.map((cell) => (
            <Table.Tr key={`${cell.line} ${cell.column}`}>
              <Table.Td className="numbers">{number(cell.line)}</Table.Td>
              <Table.Td>{cell.patient}</Table.Td>
              <Table.Td>{cell.column}</Table.Td>
              <Table.Td>
                {cell.old || cell.new ? (
                  <>
                    <span className={classes.old}>{cell.old || t("empty")}</span>
                    {` → ${cell.new || t("empty")}`}
                  </>
                ) : (
                  t("not_shown")
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function Warnings({ warnings }: { warnings: RegistryFile["warnings"] }) {
  return (
    <Table verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("first_line")}</Table.Th>
          <Table.Th>{t("column")}</Table.Th>
          <Table.Th>{t("value")}</Table.Th>
          <Table.Th>{t("reason")}</Table.Th>
          <Table.Th ta="right">{t("count.rows")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {warnings.map((warning) => (
          <Table.Tr key={`${warning.kind} ${warning.column} ${warning.value} ${warning.reason}`}>
            <Table.Td className="numbers">{number(warning.line)}</Table.Td>
            <Table.Td>{warning.column}</Table.Td>
            <Table.Td>{warning.value || "–"}</Table.Td>
            <Table.Td>{warning.reason}</Table.Td>
            <Table.Td ta="right" className="numbers">
              {number(warning.rows)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
