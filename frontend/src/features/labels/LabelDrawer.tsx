import { Alert, Badge, Button, Drawer, Group, Table, Text, Timeline, Title } from "@mantine/core";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { Loaded, TextLink, When } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useStudy } from "@/shared/study";
import { CorrectLabel } from "./CorrectLabel";
import { reasonWord, t } from "./text";
import { rungWord, sideWord, verdictWord } from "./words";

type Detail = Schemas["LabelDetail"];
type Step = Detail["ladder"][number];

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
  const opensNotes = roles.includes("abstractor") || roles.includes("adjudicator");
  return (
    <>
      <Title order={2}>{t("detail.title", { patient: label.patient, side: sideWord(label.side) })}</Title>
      <Text size="sm" className="muted">
        {t("detail.facts", { site: label.site })}
      </Text>
      <Group gap="xs" mt="sm">
        <Badge size="lg">{t(`value.${newest.value}`)}</Badge>
        <Badge size="lg" variant="outline">
          {rungWord(newest)}
        </Badge>
      </Group>
      <Text size="sm" mt="xs">
        {t(`rung_about.${newest.rung}`)}
      </Text>
      {noteId !== null && opensNotes && (
        <Text size="sm" mt="xs">
          <TextLink to={`/studies/${slug}/notes/${noteId}`}>{t("detail.note")}</TextLink>
        </Text>
      )}
      {label.is_withheld && (
        <Alert variant="light" mt="sm" title={t("withheld.title")}>
          {t("withheld.detail")}
        </Alert>
      )}
      <Title order={3} mt="lg" mb="sm">
        {t("detail.history")}
      </Title>
      <Ladder label={label} />
      <Dependents rows={label.dependents} />
      {isCoordinator && !label.is_withheld && (
        <Button variant="default" mt="lg" onClick={() => setCorrecting(true)}>
          {t("correct.action")}
        </Button>
      )}
      <CorrectLabel label={newest} opened={correcting} onClose={() => setCorrecting(false)} onCorrected={onCorrected} />
    </>
  );
}

/** Every step of the hip's labels, freezing among them: which rung, why, who and when. */
function Ladder({ label }: { label: Detail }) {
  const { ladder, history } = label;
  const componentsOf = (version: number) => history.find((one) => one.version === version);
  return (
    <Timeline bulletSize={14} lineWidth={2} active={ladder.length - 1}>
      {ladder.map((step, index) => {
        const components = step.rung === "frozen" ? undefined : componentsOf(step.version);
        return (
          <Timeline.Item key={index} title={<StepTitle step={step} isNewest={step.version === history.at(-1)?.version} />}>
            <Text size="sm">{whyOf(step)}</Text>
            {components && (
              <Text size="xs" className="muted">
                {t("detail.cup", { cup: verdictWord(components.cup), stem: verdictWord(components.stem) })}
              </Text>
            )}
            <Text size="xs" className="muted">
              <When at={step.at} />
              {" · "}
              {t("detail.by", { name: step.by ?? t("decided_by.rules") })}
            </Text>
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}

function whyOf({ dataset_version: version, why }: Step): string {
  return version === null ? reasonWord(why) : t("detail.frozen_in", { version, name: why });
}

function StepTitle({ step, isNewest }: { step: Step; isNewest: boolean }) {
  return (
    <Group gap={6}>
      {t(`rung.${step.rung}`)}
      {step.rung === "frozen" ? (
        <Badge size="sm" variant="outline">
          {t("detail.version", { version: step.version })}
        </Badge>
      ) : (
        <>
          {": "}
          {t(`value.${step.value}`)}
          <Badge size="sm" variant={isNewest ? "filled" : "outline"}>
            {isNewest ? t("detail.version_current", { version: step.version }) : t("detail.version", { version: step.version })}
          </Badge>
        </>
      )}
    </Group>
  );
}

/** What was made from this label, and what a correction has made stale. */
function Dependents({ rows }: { rows: Detail["dependents"] }) {
  const { slug, roles } = useStudy();
  if (rows.length === 0) return null;
  const stale = rows.filter(({ is_stale: old }) => old).length;
  const opens = (kind: string) => kind === "dataset_version" || roles.includes("researcher");
  return (
    <>
      <Title order={3} mt="lg" mb={4}>
        {t("dependents.title")}
      </Title>
      <Text size="sm" className="muted" mb="xs">
        {stale > 0 ? t("dependents.stale", { count: stale }) : t("dependents.fresh")}
      </Text>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.kind} ${row.href} ${row.name}`}>
              <Table.Td className="muted">{t(`dependents.${row.kind}`)}</Table.Td>
              <Table.Td>
                {opens(row.kind) ? <TextLink size="sm" to={`/studies/${slug}/${row.href}`}>{row.name}</TextLink> : row.name}
              </Table.Td>
              <Table.Td style={{ textAlign: "right", whiteSpace: "nowrap" }}>
                {row.is_stale && (
                  <Badge color="orange" variant="light" miw="max-content">
                    {t("dependents.is_stale")}
                  </Badge>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
