import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { api, type Schemas } from "@/shared/api";
import { csv, download, Loaded, Panel, When } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type RegistryImport = Schemas["RegistryImport"];
const SHOWN = 20;
const ORDER = ["sites", "patients", "procedures", "diagnoses", "followups", "notes"];

/** The registry's rows come in this order, and rows refer to the kinds before theirs. */
const place = (file: string): number => {
  const index = ORDER.findIndex((kind) => file.toLowerCase().startsWith(kind));
  return index < 0 ? ORDER.length : index;
};

export function ImportsPanel() {
  const slug = useSlug();
  const imports = api.useQuery("get", "/api/v1/studies/{slug}/registry/imports", { params: { path: { slug } } });
  return (
    <Panel title={t("imports.title")} lead={t("imports.lead")} flush>
      <Loaded query={imports}>
        {(records) =>
          records.length === 0 ? (
            <Text className="muted" p="md">
              {t("imports.none")}
            </Text>
          ) : (
            <Stack gap="lg" pb="md">
              {records.map((record) => (
                <OneImport key={record.id} record={record} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Panel>
  );
}

const NUMBERS = ["rows", "new", "changed", "unchanged", "refused"] as const;

function OneImport({ record }: { record: RegistryImport }) {
  const counts = [...record.counts].sort((a, b) => place(a.file) - place(b.file));
  return (
    <div>
      <Group gap="xs" px="md" pb={6}>
        <Text fw={600} size="sm">
          {t("imports.when")} {record.finished_at && <When at={record.finished_at} />}
        </Text>
        <Text size="sm" className="muted">
          {t("imports.by")} {record.requested_by ?? t("imports.unknown_person")}
        </Text>
        {record.dry_run && <Badge color="gray">{t("imports.dry_run")}</Badge>}
      </Group>
      <Table horizontalSpacing="md" verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("imports.file")}</Table.Th>
            {NUMBERS.map((name) => (
              <Table.Th key={name} className="number">
                {t(`imports.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {counts.map((row) => (
            <Table.Tr key={row.file}>
              <Table.Td>{row.file}</Table.Td>
              {NUMBERS.map((name) => (
                <Table.Td key={name} className="number">
                  {number(row[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <RefusedRows record={record} />
    </div>
  );
}

function RefusedRows({ record }: { record: RegistryImport }) {
  const refused = record.refused_rows;
  if (refused.length === 0) {
    return (
      <Text size="sm" className="muted" px="md" pt={6}>
        {t("imports.no_refused")}
      </Text>
    );
  }
  const columns = ["file", "line", "column", "value", "reason"] as const;
  const save = () => {
    const rows = refused.map((row) => columns.map((name) => row[name]));
    download(`refused-rows-${record.id}.csv`, csv([...columns], rows), "text/csv;charset=utf-8");
  };
  return (
    <div>
      <Group justify="space-between" px="md" pt="sm" pb={4}>
        <Text fw={600} size="sm">
          {t("imports.refused_rows", { count: refused.length })}
        </Text>
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={save}>
          {t("imports.download")}
        </Button>
      </Group>
      <Table horizontalSpacing="md" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((name) => (
              <Table.Th key={name} className={name === "line" ? "number" : undefined}>
                {t(`imports.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {refused.slice(0, SHOWN).map((row, index) => (
            <Table.Tr key={index}>
              <Table.Td>{row.file}</Table.Td>
              <Table.Td className="number">{number(row.line)}</Table.Td>
              <Table.Td>{row.column}</Table.Td>
              <Table.Td>{row.value}</Table.Td>
              <Table.Td>{row.reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
