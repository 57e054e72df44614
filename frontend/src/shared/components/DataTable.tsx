import { Button, Group, Pagination, Text, TextInput } from "@mantine/core";
import { IconDownload, IconSearch } from "@tabler/icons-react";
import { DataTable as MantineDataTable, type DataTableSortStatus } from "mantine-datatable";
import { type ReactNode, useMemo, useState } from "react";
import { t } from "@/shared/messages";
import { csv, download } from "./download";
import classes from "./DataTable.module.css";

export interface Column<Row> {
  /** Unique, and the heading in the CSV file. */
  key: string;
  label: ReactNode;
  /** What sorting, the filter and the CSV file use. */
  value: (row: Row) => string | number | boolean | null | undefined;
  /** How it is shown; the value itself otherwise. */
  show?: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  number?: boolean;
  width?: number | string;
  sortable?: boolean;
  /** Left out on narrow windows: what stands elsewhere too. The CSV file has it always. */
  wideOnly?: boolean;
}

interface DataTableProps<Row> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string | number;
  /** Name of the CSV file, without its ending; no export button without it. */
  exportName?: string;
  /** The whole row leads there. Give the first column a link as well: keys reach only links. */
  onRowClick?: (row: Row) => void;
  filterable?: boolean;
  /** Controls that stand beside the filter. */
  tools?: ReactNode;
  empty?: ReactNode;
  /** Taller tables scroll inside themselves. */
  maxHeight?: number;
  initialSort?: { key: string; direction: "asc" | "desc" };
  pageSize?: number;
}

function compared(a: unknown, b: unknown): number {
  if (a == null || b == null) return a == null ? (b == null ? 0 : 1) : -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

const pageButton = (control: "first" | "previous" | "last" | "next") => ({ "aria-label": t(`table.${control}`) });

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, rowKey, exportName, onRowClick, filterable = true, tools, empty, maxHeight } = props;
  const pageSize = props.pageSize ?? 50;
  const [filter, setFilter] = useState("");
  const [page, setPage] = useState(1);
  const [sort, setSort] = useState<DataTableSortStatus<Row>>({
    columnAccessor: props.initialSort?.key ?? "",
    direction: props.initialSort?.direction ?? "asc",
  });
  const shown = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = rows.filter((row) => {
      const text = columns.map((column) => column.value(row) ?? "").join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const column = columns.find(({ key }) => key === sort.columnAccessor);
    if (column) matching.sort((a, b) => compared(column.value(a), column.value(b)));
    return sort.direction === "desc" ? matching.reverse() : matching;
  }, [rows, columns, filter, sort]);
  const pages = Math.max(1, Math.ceil(shown.length / pageSize));
  const current = Math.min(page, pages);
  const records = shown.slice((current - 1) * pageSize, current * pageSize);
  const save = () => {
    const table = csv(columns.map(({ key }) => key), shown.map((row) => columns.map((column) => column.value(row))));
    download(`${exportName}.csv`, table, "text/csv;charset=utf-8");
  };
  return (
    <div className={classes.table}>
      {(filterable || exportName || tools) && (
        <Group justify="space-between" gap="xs" className={classes.tools}>
          <Group gap="xs">
            {filterable && (
              <TextInput
                size="xs"
                w={220}
                value={filter}
                onChange={(event) => setFilter(event.currentTarget.value)}
                placeholder={t("filter.placeholder")}
                aria-label={t("filter.placeholder")}
                leftSection={<IconSearch size={14} />}
              />
            )}
            {tools}
          </Group>
          <Group gap="sm">
            <Text size="xs" className="muted" role="status">
              {shown.length === rows.length
                ? t("table.rows", { count: rows.length })
                : t("table.rows_of", { shown: shown.length, total: rows.length })}
            </Text>
            {exportName && (
              <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={save}>
                {t("action.csv")}
              </Button>
            )}
          </Group>
        </Group>
      )}
      <MantineDataTable<Row>
        records={records}
        idAccessor={(row) => rowKey(row) as string}
        columns={columns.map((column) => ({
          accessor: column.key,
          title: column.label,
          sortable: column.sortable ?? true,
          textAlign: column.number ? ("right" as const) : ("left" as const),
          width: column.width,
          titleClassName: column.wideOnly ? classes.wideOnly : undefined,
          cellsClassName: column.wideOnly ? () => classes.wideOnly : undefined,
          render: (row: Row) => (column.show ? column.show(row) : String(column.value(row) ?? "")),
        }))}
        sortStatus={sort}
        onSortStatusChange={setSort}
        onRowClick={onRowClick ? ({ record }) => onRowClick(record) : undefined}
        rowClassName={onRowClick ? classes.clickable : undefined}
        highlightOnHover={Boolean(onRowClick)}
        height={maxHeight && shown.length > 12 ? maxHeight : undefined}
        minHeight={shown.length ? undefined : 120}
        noRecordsText={t("table.empty")}
        emptyState={empty && rows.length === 0 ? <div className={classes.empty}>{empty}</div> : undefined}
      />
      {shown.length > pageSize && (
        <Group justify="flex-end" className={classes.pages}>
          <Pagination size="sm" total={pages} value={current} onChange={setPage} getControlProps={pageButton} />
        </Group>
      )}
    </div>
  );
}
