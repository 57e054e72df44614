import { Button, List, Progress, Table, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, ErrorNotice, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { bytes } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { BatchFiles } from "./FilesTable";
import { t } from "./text";
import classes from "./Upload.module.css";
import { type SendingFile, useUpload } from "./useUpload";

type Batch = Schemas["IntakeBatch"];
const SHOWN = 12;

export function Component() {
  const slug = useSlug();
  const upload = useUpload();
  return (
    <Page
      title={t("upload.title")}
      lead={t("upload.lead")}
      above={<TextLink to={`/studies/${slug}/radiographs`}>{t("back")}</TextLink>}
    >
      <DropZone onFiles={upload.add} />
      {upload.files.length > 0 && <Sending {...upload} />}
      {upload.batches.map((id) => (
        <Panel key={id} title={t("batches.name", { id: String(id) })} flush>
          <BatchFiles batchId={id} />
        </Panel>
      ))}
      <Batches />
    </Page>
  );
}

function DropZone({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null) => {
    if (files && files.length > 0) onFiles([...files]);
  };
  const drag = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(isOver);
  };
  return (
    <Panel>
      <div
        className={classes.zone}
        data-over={over}
        role="group"
        aria-label={t("upload.label")}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          take(event.dataTransfer.files);
        }}
      >
        <IconUpload size={28} stroke={1.5} />
        <Text fw={600}>{t("upload.drop")}</Text>
        <Text size="sm" className="muted">
          {t("upload.or")}
        </Text>
        <Button variant="default" onClick={() => input.current?.click()}>
          {t("upload.choose")}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t("upload.label")}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </div>
    </Panel>
  );
}

function Sending({ files, bytesSent, sendFailedAgain }: ReturnType<typeof useUpload>) {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const sent = files.filter(({ state }) => state === "sent").length;
  const failed = files.filter(({ state }) => state === "failed");
  const open = files.filter(({ state }) => state === "waiting" || state === "sending");
  const words = open.length ? t("upload.sending", { sent, files: files.length }) : t("upload.sent", { count: sent });
  return (
    <Panel title={t("upload.now")}>
      <Text size="sm" mb={4} role="status" className="numbers">
        {words}
        {" · "}
        {bytes(Math.max(0, bytesSent))}
        {" / "}
        {bytes(total)}
      </Text>
      <Progress value={total ? (100 * bytesSent) / total : 0} animated={open.length > 0} aria-label={t("upload.progress")} />
      {open.length > 0 && (
        <Text size="xs" className="muted" mt={6}>
          {t("upload.leave")}
        </Text>
      )}
      {open.length > 0 && <OpenFiles files={open} />}
      {failed.length > 0 && (
        <>
          <ErrorNotice error={failed[0]?.error} title={t("upload.failed")} />
          <List size="sm" mt="xs">
            {failed.slice(0, SHOWN).map(({ id, file }) => (
              <List.Item key={id}>{file.name}</List.Item>
            ))}
          </List>
          <Button size="xs" mt="xs" onClick={sendFailedAgain}>
            {t("upload.again")}
          </Button>
        </>
      )}
    </Panel>
  );
}

function OpenFiles({ files }: { files: readonly SendingFile[] }) {
  return (
    <Table mt="xs" verticalSpacing={3}>
      <Table.Tbody>
        {files.slice(0, SHOWN).map(({ id, file, state }) => (
          <Table.Tr key={id}>
            <Table.Td>{file.name}</Table.Td>
            <Table.Td className="number">{bytes(file.size)}</Table.Td>
            <Table.Td>{state === "sending" ? t("upload.state.sending") : t("upload.state.waiting")}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const COUNTS = ["waiting", "accepted", "quarantined", "refused", "failed", "duplicates"] as const;

function Batches() {
  const slug = useSlug();
  const batches = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/intake",
    { params: { path: { slug } } },
    { staleTime: 0, refetchInterval: ({ state }) => (state.data?.some(({ waiting }) => waiting > 0) ? 3000 : false) },
  );
  const columns: Column<Batch>[] = [
    {
      key: "upload",
      label: t("batches.upload"),
      value: ({ id }) => id,
      show: ({ id }) => (
        <TextLink to={`/studies/${slug}/radiographs/uploads/${id}`}>{t("batches.name", { id: String(id) })}</TextLink>
      ),
    },
    { key: "when", label: t("batches.when"), value: (batch) => batch.created_at, show: (batch) => <When at={batch.created_at} /> },
    { key: "by", label: t("batches.by"), value: (batch) => batch.uploaded_by ?? t("batch.unknown_person"), wideOnly: true },
    { key: "files", label: t("batches.files"), value: (batch) => batch.file_count, number: true },
    ...COUNTS.map((name): Column<Batch> => ({ key: name, label: t(`batches.${name}`), value: (batch) => batch[name], number: true, wideOnly: name === "waiting" })),
  ];
  return (
    <Panel title={t("batches.title")} flush>
      <Loaded query={batches}>
        {(rows) => <DataTable rows={rows} columns={columns} rowKey={({ id }) => id} filterable={false} empty={t("batches.none")} />}
      </Loaded>
    </Panel>
  );
}
