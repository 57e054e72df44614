import { Button, Group, Progress, Text } from "@mantine/core";
import { IconFolder, IconUpload } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, DropArea, ErrorNotice, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { bytes, percent } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { type ChosenFile, fromDrop, fromInput } from "./chosenFiles";
import { ClassFolders } from "./ClassFolders";
import { BatchFiles } from "./FilesTable";
import { t } from "./text";
import classes from "./Upload.module.css";
import type { SendingFile } from "./uploader";
import { type UploadProgress, useUpload } from "./useUpload";
import { VirtualRows } from "./VirtualRows";

type Batch = Schemas["IntakeBatch"];

export function Component() {
  const slug = useSlug();
  const upload = useUpload();
  return (
    <Page
      title={t("upload.title")}
      lead={t("upload.lead")}
      above={<TextLink to={`/studies/${slug}/radiographs`}>{t("back")}</TextLink>}
    >
      <DropZone onFiles={(files) => upload.uploader.add(files)} />
      {upload.files.length > 0 && <Sending {...upload} />}
      {upload.batch !== null && (
        <Panel title={t("batches.name", { id: String(upload.batch) })} flush>
          <BatchFiles batchId={upload.batch} isGrowing={upload.isBusy} />
        </Panel>
      )}
      <Batches />
      <ClassFolders />
    </Page>
  );
}

function DropZone({ onFiles }: { onFiles: (files: readonly ChosenFile[]) => void }) {
  return (
    <Panel>
      <DropArea
        label={t("upload.label")}
        title={t("upload.drop")}
        detail={t("upload.or")}
        onDrop={(dropped) => void fromDrop(dropped).then((files) => files.length > 0 && onFiles(files))}
      >
        <Group gap="xs">
          <Choose label={t("upload.choose")} name={t("upload.label")} icon={<IconUpload size={15} />} onFiles={onFiles} />
          <Choose label={t("upload.choose_folder")} name={t("upload.folder_label")} icon={<IconFolder size={15} />} folder onFiles={onFiles} />
        </Group>
      </DropArea>
    </Panel>
  );
}

interface ChooseProps {
  label: string;
  name: string;
  icon: ReactNode;
  folder?: boolean;
  onFiles: (files: readonly ChosenFile[]) => void;
}

function Choose({ label, name, icon, folder = false, onFiles }: ChooseProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant="default" leftSection={icon} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={name}
        {...(folder ? { webkitdirectory: "" } : {})}
        onChange={(event) => {
          const files = fromInput(event.currentTarget.files);
          if (files.length > 0) onFiles(files);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

const sum = (files: readonly SendingFile[], of: (file: SendingFile) => number): number =>
  files.reduce((total, file) => total + of(file), 0);

function Sending({ files, isBusy, uploader }: UploadProgress) {
  const total = sum(files, ({ size }) => size);
  const gone = sum(files, ({ state, size, sent }) => (state === "known" ? size : sent));
  const failed = files.filter(({ state }) => state === "failed");
  const known = files.filter(({ state }) => state === "known").length;
  const sent = files.filter(({ state }) => state === "sent").length;
  const words = isBusy ? t("upload.sending", { sent: sent + known, files: files.length }) : t("upload.sent", { count: sent });
  return (
    <Panel title={t("upload.now")}>
      <Text size="sm" mb={4} role="status" className="numbers">
        {words}
        {known > 0 && ` · ${t("upload.known", { count: known })}`}
        {` · ${bytes(gone)} / ${bytes(total)}`}
      </Text>
      <Progress value={total ? (100 * gone) / total : 0} animated={isBusy} aria-label={t("upload.progress")} />
      <Text size="xs" className="muted" mt={6} mb="sm">
        {isBusy ? t("upload.leave") : t("upload.resume")}
      </Text>
      <VirtualRows rows={files} rowKey={({ id }) => id} label={t("upload.files")} height={240} render={SendingRow} />
      {failed.length > 0 && (
        <div style={{ marginTop: 12 }}>
          <ErrorNotice error={failed[0]?.error} title={t("upload.failed", { count: failed.length })} />
          <Button size="xs" mt="xs" onClick={() => uploader.sendFailedAgain()}>
            {t("upload.again")}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function SendingRow({ name, size, sent, state }: SendingFile) {
  const part = state === "sending" && size > 0 && sent > 0 ? ` · ${percent(Math.min(1, sent / size), 0)}` : "";
  return (
    <>
      <span title={name}>{name}</span>
      <span>{bytes(size)}</span>
      <span className={state === "failed" ? classes.failed : "muted"}>{t(`upload.state.${state}`) + part}</span>
    </>
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
