import { Badge, Button, Drawer, Group, Text, Timeline, Title } from "@mantine/core";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { Loaded, TextLink, When } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useStudy } from "@/shared/study";
import { CorrectLabel } from "./CorrectLabel";
import { reasonWord, t } from "./text";
import { sideWord, verdictWord } from "./words";

type Detail = Schemas["LabelDetail"];

interface LabelDrawerProps {
  labelId: number | null;
  noteId: number | null;
  onClose: () => void;
  /** Called with the new version's id. */
  onCorrected: (id: number) => void;
}

/** One hip's label with all its versions, and the way to correct it. */
export function LabelDrawer({ labelId, noteId, onClose, onCorrected }: LabelDrawerProps) {
  return (
    <Drawer
      opened={labelId !== null}
      onClose={onClose}
      position="right"
      size={480}
      closeButtonProps={{ "aria-label": common("action.close") }}
      title={t("title")}
    >
      {labelId !== null && <Inside labelId={labelId} noteId={noteId} onCorrected={onCorrected} />}
    </Drawer>
  );
}

function Inside({ labelId, noteId, onCorrected }: Omit<LabelDrawerProps, "onClose" | "labelId"> & { labelId: number }) {
  const { slug } = useStudy();
  const detail = api.useQuery("get", "/api/v1/studies/{slug}/labels/{label_id}", {
    params: { path: { slug, label_id: labelId } },
  });
  return (
    <Loaded query={detail} height={300}>
      {(label) => <LabelDetail label={label} noteId={noteId} onCorrected={onCorrected} />}
    </Loaded>
  );
}

interface LabelDetailProps {
  label: Detail;
  noteId: number | null;
  onCorrected: (id: number) => void;
}

function LabelDetail({ label, noteId, onCorrected }: LabelDetailProps) {
  const { slug, roles } = useStudy();
  const [correcting, setCorrecting] = useState(false);
  const newest = label.history.at(-1) ?? label;
  const isCoordinator = roles.includes("coordinator");
  return (
    <>
      <Title order={2}>{t("detail.title", { patient: label.patient, side: sideWord(label.side) })}</Title>
      <Text size="sm" className="muted">
        {t("detail.facts", { site: label.site })}
      </Text>
      <Group gap="xs" mt="sm">
        <Badge size="lg">{t(`value.${newest.value}`)}</Badge>
        <Badge size="lg" variant="outline">
          {t(`rung.${newest.rung}`)}
        </Badge>
      </Group>
      <Text size="sm" mt="xs">
        {t(`rung_about.${newest.rung}`)}
      </Text>
      {noteId !== null && isCoordinator && (
        <Text size="sm" mt="xs">
          <TextLink to={`/studies/${slug}/notes/${noteId}`}>{t("detail.note")}</TextLink>
        </Text>
      )}
      <Title order={3} mt="lg" mb="sm">
        {t("detail.history")}
      </Title>
      <Timeline bulletSize={14} lineWidth={2} active={label.history.length - 1}>
        {label.history.map((version) => (
          <Timeline.Item key={version.id} title={<VersionTitle version={version} isNewest={version.id === newest.id} />}>
            <Text size="sm">{reasonWord(version.reason)}</Text>
            <Text size="xs" className="muted">
              {t("detail.cup", { cup: verdictWord(version.cup), stem: verdictWord(version.stem) })}
            </Text>
            <Text size="xs" className="muted">
              <When at={version.decided_at} />
              {" · "}
              {t("detail.by", { name: version.decided_by ?? t("decided_by.rules") })}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      {isCoordinator && (
        <Button variant="default" mt="lg" onClick={() => setCorrecting(true)}>
          {t("correct.action")}
        </Button>
      )}
      <CorrectLabel label={newest} opened={correcting} onClose={() => setCorrecting(false)} onCorrected={onCorrected} />
    </>
  );
}

function VersionTitle({ version, isNewest }: { version: Detail["history"][number]; isNewest: boolean }) {
  return (
    <Group gap={6}>
      {t("detail.version", { version: version.version })}
      {": "}
      {t(`value.${version.value}`)}
      {", "}
      {t(`rung.${version.rung}`)}
      {isNewest && <Badge size="sm">{t("detail.current")}</Badge>}
    </Group>
  );
}
