import { Button, Progress, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { uploadFiles } from "@/shared/api";
import { DropArea, ErrorNotice, Panel } from "@/shared/components";
import { bytes, percent } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import type { ImportDetail } from "./imports";
import { t } from "./text";

/** Files dropped or chosen are one import: sent together, checked together, and decided about together. */
export function DropZone() {
  const input = useRef<HTMLInputElement>(null);
  const { send, sending, part, error } = useSending();
  const take = (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (files.length > 0 && !sending) void send(files);
  };
  return (
    <Panel>
      <DropArea
        label={t("upload.label")}
        title={t("upload.drop")}
        detail={t("upload.formats")}
        onDrop={({ files }) => take(files)}
      >
        <Button onClick={() => input.current?.click()} loading={sending !== null}>
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
      </DropArea>
      {sending && (
        <div style={{ marginTop: 14 }}>
          <Text size="sm" mb={4} role="status" className="numbers">
            {t("upload.sending", { count: sending.files }) + ` · ${bytes(part * sending.size)} / ${bytes(sending.size)} · ${percent(part)}`}
          </Text>
          <Progress value={part * 100} animated aria-label={t("upload.progress")} />
        </div>
      )}
      {error != null && (
        <div style={{ marginTop: 14 }}>
          <ErrorNotice error={error} title={t("upload.failed")} />
        </div>
      )}
    </Panel>
  );
}

function useSending() {
  const slug = useSlug();
  const navigate = useNavigate();
  const [sending, setSending] = useState<{ files: number; size: number } | null>(null);
  const [part, setPart] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const send = async (files: readonly File[]) => {
    const form = new FormData();
    for (const file of files) form.append("files", file);
    setSending({ files: files.length, size: files.reduce((sum, { size }) => sum + size, 0) });
    setPart(0);
    setError(null);
    try {
      const record = await uploadFiles<ImportDetail>(`/api/v1/studies/${slug}/registry/imports`, form, setPart);
      void navigate(`/studies/${slug}/registry/${record.id}`);
    } catch (refusal) {
      setError(refusal);
    } finally {
      setSending(null);
    }
  };
  return { send, sending, part, error };
}
