import { Anchor, Badge, Progress, Text } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconCheck, IconClock, IconFileZip, IconX } from "@tabler/icons-react";
import { api } from "@/shared/api";
import { type Column, DataTable, Loaded, TextLink } from "@/shared/components";
import { bytes } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { t } from "./text";
import { type IntakeFile, type Outcome, outcomeOf, reasonWord } from "./words";

const LOOKS: Record<Outcome, { colour: string; icon: typeof IconCheck }> = {
  accepted: { colour: "teal", icon: IconCheck },
  quarantined: { colour: "grape", icon: IconAlertTriangle },
  refused: { colour: "red", icon: IconBan },
  unpacked: { colour: "gray", icon: IconFileZip },
  failed: { colour: "red", icon: IconX },
  running: { colour: "petrol", icon: IconClock },
  waiting: { colour: "gray", icon: IconClock },
};

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { colour, icon: Icon } = LOOKS[outcome];
  return (
    <Badge color={colour} leftSection={<Icon size={12} />}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}

const LEAST_MS = 1500;
const MS_A_FILE = 4;

/** Asked again until every file has its outcome; less often the longer the list is. */
export function useBatch(batchId: number, isGrowing = false) {
  const slug = useSlug();
  return api.useQuery(
    "get",
    "/api/v1/studies/{slug}/intake/{batch_id}",
    { params: { path: { slug, batch_id: batchId } } },
    {
      staleTime: 0,
      refetchInterval: ({ state: { data } }) =>
        data?.waiting === 0 && !isGrowing ? false : Math.max(LEAST_MS, MS_A_FILE * (data?.file_count ?? 0)),
    },
  );
}

export function BatchFiles({ batchId, isGrowing = false }: { batchId: number; isGrowing?: boolean }) {
  const batch = useBatch(batchId, isGrowing);
  return (
    <Loaded query={batch} height={120}>
      {({ files, file_count: count, waiting }) => (
        <>
          <div style={{ padding: "0 16px 10px" }}>
            <Text size="sm" mb={4} role="status">
              {waiting ? t("batch.doing", { count: waiting }) : t("batch.done")}
            </Text>
            <Progress
              value={count ? (100 * (count - waiting)) / count : 100}
              animated={waiting > 0}
              size={6}
              aria-label={t("batch.progress")}
            />
          </div>
          <FilesTable files={files} batchId={batchId} />
        </>
      )}
    </Loaded>
  );
}

function FilesTable({ files, batchId }: { files: readonly IntakeFile[]; batchId: number }) {
  const slug = useSlug();
  const columns: Column<IntakeFile>[] = [
    { key: "file", label: t("file.name"), value: ({ name }) => name },
    { key: "size", label: t("file.size"), value: ({ size }) => size, show: ({ size }) => bytes(size), number: true, width: 96 },
    {
      key: "outcome",
      label: t("file.outcome"),
      width: 158,
      value: (file) => t(`outcome.${outcomeOf(file)}`),
      show: (file) => <OutcomeBadge outcome={outcomeOf(file)} />,
    },
    { key: "reason", label: t("file.reason"), value: reasonWord },
    {
      key: "radiograph",
      label: t("file.radiograph"),
      width: 136,
      value: ({ radiograph }) => radiograph,
      show: ({ radiograph: id }) =>
        id != null && <TextLink to={`/studies/${slug}/radiographs/${id}`}>{t("number", { id: String(id) })}</TextLink>,
    },
    {
      key: "report",
      label: t("file.report"),
      value: ({ id }) => id,
      sortable: false,
      width: 80,
      wideOnly: true,
      show: ({ id, outcome }) =>
        outcome && (
          <Anchor
            href={`/api/v1/studies/${slug}/intake/${batchId}/files/${id}/report`}
            download
            size="sm"
            aria-label={t("file.report_of", { id: String(id) })}
          >
            {t("file.report")}
          </Anchor>
        ),
    },
  ];
  return (
    <DataTable rows={files} columns={columns} rowKey={({ id }) => id} exportName={`${slug}-upload-${batchId}`} pageSize={100} />
  );
}
