import { Accordion, Alert, Badge, Group, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Panel } from "@/shared/components";
import { bytes, number } from "@/shared/messages";
import { type ImportDetail, kindWord, type RegistryFile, stateOf } from "./imports";
import { MappingForm } from "./MappingForm";
import { t } from "./text";
import classes from "./registry.module.css";

const COUNTS = ["rows", "new", "changed", "unchanged", "refused"] as const;

export function FilePanel({ file, record }: { file: RegistryFile; record: ImportDetail }) {
  const facts = [file.kind && kindWord(file.kind), file.format?.toUpperCase(), file.encoding, file.size ? bytes(file.size) : ""];
  const undecided = stateOf(record) === "waiting";
  return (
    <Panel title={file.name} lead={facts.filter(Boolean).join(" · ")} flush>
      {file.problem && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t("file_problem")} mx="md" mb="md">
          {file.problem}
        </Alert>
      )}
      {file.problem && undecided && file.header.length > 0 && <MappingForm file={file} record={record} />}
      {file.tables.length > 0 && <Counts file={file} />}
      <Details file={file} canChange={undecided && !file.problem && file.header.length > 0} record={record} />
    </Panel>
  );
}

function Counts({ file }: { file: RegistryFile }) {
  return (
    <Table className="numbers" horizontalSpacing="md">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("kind")}</Table.Th>
          {COUNTS.map((key) => (
            <Table.Th key={key} ta="right">
              {t(`count.${key}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {file.tables.map((row) => (
          <Table.Tr key={row.kind}>
            <Table.Td>{kindWord(row.kind)}</Table.Td>
            {COUNTS.map((key) => (
              <Table.Td key={key} ta="right" c={key === "refused" && row.refused ? "red" : undefined}>
                {number(row[key])}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** What would change, what is odd, what was passed over, and how the columns were read: each behind a line. */
function Details({ file, canChange, record }: { file: RegistryFile; canChange: boolean; record: ImportDetail }) {
  const changes = file.changes.filter(({ cells, columns }) => cells.length || columns.length);
  if (!changes.length && !file.warnings.length && !file.ignored.length && !canChange) return null;
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
      {canChange && (
        <Accordion.Item value="columns">
          <Accordion.Control>
            <Text size="sm" fw={600}>
              {t("columns_as_read")}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            <MappingForm file={file} record={record} />
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
