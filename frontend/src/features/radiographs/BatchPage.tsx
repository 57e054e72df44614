import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useParams } from "react-router";
import { Page, Panel, TextLink } from "@/shared/components";
import { relativeTime } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { BatchFiles, useBatch } from "./FilesTable";
import { t } from "./text";

export function Component() {
  const slug = useSlug();
  const { batchId = "" } = useParams();
  const { data } = useBatch(Number(batchId));
  const lead = data && {
    files: data.file_count,
    name: data.uploaded_by ?? t("batch.unknown_person"),
    when: relativeTime(data.created_at),
  };
  return (
    <Page
      title={t("batches.name", { id: batchId })}
      lead={lead && t("batch.lead", lead)}
      above={<TextLink to={`/studies/${slug}/radiographs/upload`}>{t("batch.back")}</TextLink>}
      actions={
        <Group gap="xs">
          {(["json", "csv"] as const).map((kind) => (
            <Button
              key={kind}
              component="a"
              variant="default"
              leftSection={<IconDownload size={15} />}
              href={`/api/v1/studies/${slug}/intake/${batchId}/report${kind === "csv" ? ".csv" : ""}`}
              download
            >
              {t(`report.download_${kind}`)}
            </Button>
          ))}
        </Group>
      }
    >
      <Panel flush>
        <div style={{ paddingTop: 14 }}>
          <BatchFiles batchId={Number(batchId)} />
        </div>
      </Panel>
    </Page>
  );
}
