import { Accordion, Alert, Badge, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Panel } from "@/shared/components";
import { bytes, number } from "@/shared/messages";
import { type ImportDetail, KINDS, kindWord, type RegistryFile, stateOf, type TableCounts } from "./imports";
import { Details, hasSomethingToSay } from "./FileDetails";
import { MappingForm } from "./MappingForm";
import { t } from "./text";
import classes from "./registry.module.css";

const COUNTS = ["rows", "new", "changed", "unchanged", "refused"] as const;

const facts = ({ format, encoding, size }: RegistryFile): string =>
  [format?.toUpperCase(), encoding, size ? bytes(size) : ""].filter(Boolean).join(" · ");

const place = ({ kind }: { kind: string }): number => {
  const index = (KINDS as readonly string[]).indexOf(kind);
  return index < 0 ? KINDS.length : index;
};

interface FileRow {
  file: RegistryFile;
  kind: string;
  counts: TableCounts | null;
}

/** One row a file and kind, in the order in which the kinds refer to each other. */
function rowsOf(files: readonly RegistryFile[]): FileRow[] {
  return files
    .flatMap((file): FileRow[] =>
      file.tables.length ? file.tables.map((counts) => ({ file, kind: counts.kind, counts })) : [{ file, kind: file.kind ?? "", counts: null }],
    )
    .sort((a, b) => place(a) - place(b) || a.file.number - b.file.number);
}

/** The files with what each holds; what there is to say of one stands below, behind its name. */
export function Files({ record }: { record: ImportDetail }) {
  return (
    <>
      <Panel title={t("files")} flush>
        <Table className="numbers" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("file")}</Table.Th>
              <Table.Th>{t("kind")}</Table.Th>
              {COUNTS.map((key) => (
                <Table.Th key={key} ta="right">
                  {t(`count.${key}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rowsOf(record.files).map(({ file, kind, counts }) => (
              <Table.Tr key={`${file.number} ${kind}`}>
                <Table.Td>
                  {file.name}
                  <Text size="xs" className="muted">
                    {facts(file)}
                  </Text>
                </Table.Td>
                <Table.Td>{file.problem ? <Badge color="red">{t("not_read")}</Badge> : kindWord(kind)}</Table.Td>
                {COUNTS.map((key) => (
                  <Table.Td key={key} ta="right" className={key === "refused" && counts?.refused ? classes.refused : undefined}>
                    {counts ? number(counts[key]) : "–"}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Panel>
      {record.files
        .filter((file) => hasSomethingToSay(file) || file.problem)
        .map((file) => (
          <FilePanel key={file.number} file={file} record={record} />
        ))}
    </>
  );
}

function FilePanel({ file, record }: { file: RegistryFile; record: ImportDetail }) {
  return (
    <Panel title={file.name} flush>
      {file.problem && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t("file_problem")} mx="md" mb="md">
          {file.problem.charAt(0).toUpperCase() + file.problem.slice(1)}
        </Alert>
      )}
      {file.problem && stateOf(record) === "waiting" && file.header.length > 0 && <MappingForm file={file} record={record} />}
      <Details file={file} />
    </Panel>
  );
}

/** How each file's columns were taken, to be corrected while nothing is decided. */
export function ColumnsAsRead({ record }: { record: ImportDetail }) {
  const read = record.files.filter(({ problem, header }) => !problem && header.length > 0);
  if (stateOf(record) !== "waiting" || read.length === 0) return null;
  return (
    <Panel title={t("columns_as_read")} lead={t("columns_lead")} flush>
      <Accordion chevronPosition="left">
        {read.map((file) => (
          <Accordion.Item key={file.number} value={String(file.number)}>
            <Accordion.Control>
              <Text size="sm">{`${file.name} · ${kindWord(file.kind ?? "")}`}</Text>
            </Accordion.Control>
            <Accordion.Panel>
              <MappingForm file={file} record={record} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Panel>
  );
}
