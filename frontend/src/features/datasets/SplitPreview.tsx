import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Schemas } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { CountsTable } from "./CountsTable";
import { Nearest } from "./Disjointness";
import { FoldsTable } from "./FoldsTable";
import { Notice, Sentences } from "./Notice";
import { t } from "./text";

interface SplitPreviewProps {
  preview: Schemas["SplitPreview"] | undefined;
  error: unknown;
  busy: boolean;
  byFolds: boolean;
}

/** What freezing would give now: counts, folds, what stays out, and what one should know of it before. */
export function SplitPreview({ preview, error, busy, byFolds }: SplitPreviewProps) {
  return (
    <section aria-busy={busy} aria-live="polite">
      <Text fw={600}>{t("preview")}</Text>
      <Text size="sm" className="muted" mb="xs">
        {preview && !error ? t("preview_cases", { cases: preview.cases, patients: preview.patients }) : t("preview_about")}
      </Text>
      {error ? <ErrorNotice error={error} /> : preview && <PreviewBody preview={preview} byFolds={byFolds} />}
    </section>
  );
}

function PreviewBody({ preview, byFolds }: { preview: Schemas["SplitPreview"]; byFolds: boolean }) {
  const { suspects } = preview.disjointness;
  return (
    <Stack gap="sm">
      {preview.problems.length > 0 && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t("cannot_freeze")}>
          <Sentences sentences={preview.problems.map(({ field, message }) => `${t(`problem.${field as "loose"}`)}: ${message}`)} />
        </Alert>
      )}
      {byFolds ? <FoldsTable folds={preview.folds} /> : <CountsTable counts={preview.counts} />}
      {preview.left_out.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t("left_out")}
          </Text>
          <Sentences sentences={preview.left_out.map(({ reason, radiographs }) => t(`left_out.${reason}`, { count: radiographs }))} />
        </div>
      )}
      <Nearest disjointness={preview.disjointness} />
      {suspects.length > 0 && (
        <Notice title={t("suspects")}>
          <Text size="sm">{t("suspects_about")}</Text>
          <Sentences sentences={suspects.slice(0, 6)} more={suspects.length - 6} />
        </Notice>
      )}
      {preview.open_before > 0 && (
        <Notice title={t("open_before", { count: preview.open_before })}>
          <Text size="sm">{t("open_before_about")}</Text>
        </Notice>
      )}
      {preview.remarks.length > 0 && (
        <Notice title={t("remarks")}>
          <Sentences sentences={preview.remarks.slice(0, 6)} more={preview.remarks.length - 6} />
        </Notice>
      )}
    </Stack>
  );
}
