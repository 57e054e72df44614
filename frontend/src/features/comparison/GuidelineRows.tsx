import { Badge, Button, Group, SegmentedControl, Table, Text, Textarea, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { dateTime } from "@/shared/messages";
import { t } from "./text";
import classes from "./report.module.css";

type Guideline = Schemas["Guideline"];
type Row = Guideline["rows"][number];
type Status = Row["status"];
const STATUSES: readonly Status[] = ["reported", "partly", "not_reported", "not_applicable"];
const COLOURS: Record<Status, string> = { reported: "teal", partly: "yellow", not_reported: "red", not_applicable: "gray" };

interface RowsProps {
  slug: string;
  id: number;
  guideline: Guideline;
}

/** The items of one guideline; one at a time is open to be answered. */
export function GuidelineRows({ slug, id, guideline }: RowsProps) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Table className={classes.rows} verticalSpacing={7}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={64}>{t("item")}</Table.Th>
          <Table.Th w="26%">{t("item_asks")}</Table.Th>
          <Table.Th w={124}>{t("item_status")}</Table.Th>
          <Table.Th>{t("item_where")}</Table.Th>
          <Table.Th w={92}>
            <VisuallyHidden>{t("item_answer")}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {guideline.rows.map((row) =>
          row.number === open ? (
            <Table.Tr key={row.number}>
              <Table.Td>{row.number}</Table.Td>
              <Table.Td colSpan={4}>
                <Form slug={slug} id={id} guideline={guideline.key} row={row} onClose={() => setOpen(null)} />
              </Table.Td>
            </Table.Tr>
          ) : (
            <Closed key={row.number} row={row} onOpen={() => setOpen(row.number)} />
          ),
        )}
      </Table.Tbody>
    </Table>
  );
}

function Closed({ row, onOpen }: { row: Row; onOpen: () => void }) {
  const last = row.versions.at(-1);
  return (
    <Table.Tr>
      <Table.Td>{row.number}</Table.Td>
      <Table.Td>
        {row.asks}
        <Text size="xs" className="muted">
          {row.section}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge color={COLOURS[row.status]} miw="max-content">{t(`status_${row.status}`)}</Badge>
      </Table.Td>
      <Table.Td>
        {row.where || <span className="muted">{t("item_nothing")}</span>}
        {last && (
          <Text size="xs" className="muted">
            {t("item_by", { by: last.by ?? t("by_program"), when: dateTime(last.at), version: last.version })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Button size="compact-xs" variant="default" onClick={onOpen} aria-label={t("item_answer_of", { number: row.number })}>
          {t("item_answer")}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

interface FormProps {
  slug: string;
  id: number;
  guideline: string;
  row: Row;
  onClose: () => void;
}

function Form({ slug, id, guideline, row, onClose }: FormProps) {
  const queries = useQueryClient();
  const path = { slug, comparison_id: id };
  const last = row.versions.at(-1);
  const [status, setStatus] = useState<Status>(row.status);
  const [where, setWhere] = useState(last?.where ?? "");
  const save = api.useMutation("post", "/api/v1/studies/{slug}/comparisons/{comparison_id}/guidelines", {
    onSuccess: async () => {
      const { queryKey } = api.queryOptions("get", "/api/v1/studies/{slug}/comparisons/{comparison_id}/guidelines", { params: { path } });
      await queries.invalidateQueries({ queryKey });
      notifications.show({ message: t("item_saved", { number: row.number }) });
      onClose();
    },
  });
  return (
    <div className={classes.form}>
      <Text fw={600}>{row.asks}</Text>
      {row.platform && (
        <div className={classes.platform}>
          <Text size="xs" className="muted">
            {t("item_platform")}
          </Text>
          <Text size="sm">{row.platform}</Text>
        </div>
      )}
      <SegmentedControl
        value={status}
        onChange={(value) => setStatus(value as Status)}
        data={STATUSES.map((value) => ({ value, label: t(`status_${value}`) }))}
        aria-label={t("item_status")}
      />
      <Textarea
        label={t("item_where_field")}
        description={t("item_where_about")}
        value={where}
        onChange={(event) => setWhere(event.currentTarget.value)}
        maxLength={4000}
        autosize
        minRows={2}
        maxRows={10}
        data-autofocus
      />
      <ErrorNotice error={save.error} />
      <Group gap="xs">
        <Button
          loading={save.isPending}
          onClick={() => save.mutate({ params: { path }, body: { guideline, number: row.number, status, where } })}
        >
          {t("item_save")}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t("item_cancel")}
        </Button>
      </Group>
      {row.versions.length > 0 && (
        <details>
          <summary>{t("item_history", { count: row.versions.length })}</summary>
          {[...row.versions].reverse().map((version) => (
            <Text key={version.version} size="sm" mt={4}>
              <span className="muted">{t("item_by", { by: version.by ?? t("by_program"), when: dateTime(version.at), version: version.version })}</span>
              {` ${t(`status_${version.status}`)}: ${version.where || "–"}`}
            </Text>
          ))}
        </details>
      )}
    </div>
  );
}
