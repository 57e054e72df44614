import { Button, Group, Menu, Pagination, Select, Table, Text } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { Loaded, Panel } from "@/shared/components";
import { number, t as common } from "@/shared/messages";
import { type ImportDetail, kindWord, useImport } from "./imports";
import { t } from "./text";

const PAGE = 25;

/** Every row that is not taken, with its place and reason, and the same as a file to correct and import again. */
export function RefusedRows({ record }: { record: ImportDetail }) {
  const { path } = useImport(record.id);
  const [file, setFile] = useState<string | null>(null);
  const [page, setPage] = useState(1);
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/registry/imports/{import_id}/refused",
    { params: { path, query: { limit: PAGE, offset: (page - 1) * PAGE, ...(file ? { number: Number(file) } : {}) } } },
    { placeholderData: keepPreviousData },
  );
  const withRefusals = record.files.filter(({ tables }) => tables.some(({ refused }) => refused > 0));
  return (
    <Panel
      title={t("refused_title", { count: record.refused })}
      lead={t("refused_lead")}
      flush
      actions={
        <>
          {withRefusals.length > 1 && (
            <Select
              aria-label={t("of_file")}
              placeholder={t("all_files")}
              data={withRefusals.map(({ number: one, name }) => ({ value: String(one), label: name }))}
              value={file}
              onChange={(value) => {
                setFile(value);
                setPage(1);
              }}
              clearable
              w={220}
            />
          )}
          <Downloads record={record} />
        </>
      }
    >
      <Loaded query={query}>
        {({ count, results }) => (
          <>
            <RefusedTable rows={results} />
            {count > PAGE && (
              <Group justify="space-between" p="md">
                <Text size="sm" className="muted">
                  {t("refused_shown", { from: number((page - 1) * PAGE + 1), to: number(Math.min(page * PAGE, count)), all: number(count) })}
                </Text>
                <Pagination
                  size="sm"
                  total={Math.ceil(count / PAGE)}
                  value={page}
                  onChange={setPage}
                  getControlProps={(control) => ({ "aria-label": common(`table.${control}`) })}
                />
              </Group>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Downloads({ record }: { record: ImportDetail }) {
  const { slug } = useImport(record.id);
  const files = record.files.flatMap(({ number: file, name, tables }) =>
    tables
      .filter(({ refused }) => refused > 0)
      .map(({ kind, refused }) => ({
        href: `/api/v1/studies/${slug}/registry/imports/${record.id}/files/${file}/refused.csv?of=${kind}`,
        label: `${name} · ${kindWord(kind)} (${number(refused)})`,
      })),
  );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} rightSection={<IconChevronDown size={14} />}>
          {t("refused_download")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map(({ href, label }) => (
          <Menu.Item key={href} component="a" href={href} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function RefusedTable({ rows }: { rows: readonly Schemas["RefusedRow"][] }) {
  return (
    <Table horizontalSpacing="md" verticalSpacing={5}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("file")}</Table.Th>
          <Table.Th ta="right">{t("line")}</Table.Th>
          <Table.Th>{t("column")}</Table.Th>
          <Table.Th>{t("value")}</Table.Th>
          <Table.Th>{t("reason")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={`${row.number} ${row.line} ${row.kind}`}>
            <Table.Td>{row.file}</Table.Td>
            <Table.Td ta="right" className="numbers">
              {number(row.line)}
            </Table.Td>
            <Table.Td>{row.column || "–"}</Table.Td>
            <Table.Td>{row.value || <span className="muted">{t("not_shown")}</span>}</Table.Td>
            <Table.Td>{row.reason}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
