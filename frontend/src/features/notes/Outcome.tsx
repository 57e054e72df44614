import { Alert, Badge, Button, Text } from "@mantine/core";
import { Panel, TextLink } from "@/shared/components";
import { relativeTime } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { t } from "./text";
import { useShowsLabels } from "./useShowsLabels";
import { answerWord, type Found, ITEMS, labelNow, type Note, sideWord, whatHappened } from "./verdict";

/** The answers of a verdict, a line each. */
function Answers({ found }: { found: Found }) {
  return (
    <>
      {ITEMS.map((item) => (
        <Text key={item} size="sm">
          {t("verdict.item", { item: t(`form.${item}`), answer: answerWord(found[item]) })}
        </Text>
      ))}
      {found.comment && (
        <Text size="sm" mt={4} style={{ whiteSpace: "pre-wrap" }}>
          {t("verdict.item", { item: t("form.comment"), answer: found.comment })}
        </Text>
      )}
    </>
  );
}

export function Mine({ note, mine, onAgain }: { note: Note; mine: NonNullable<Note["mine"]>; onAgain?: () => void }) {
  return (
    <Panel title={t("mine.title")} lead={t("mine.detail", { when: relativeTime(mine.assessed_at), version: mine.version })}>
      <Answers found={mine} />
      {note.label ? (
        <LabelOfNote note={note} />
      ) : (
        <Text size="sm" className="muted" mt="xs">
          {t("mine.unsettled")}
        </Text>
      )}
      {onAgain && (
        <Button variant="default" size="xs" mt="sm" onClick={onAgain}>
          {t("form.again")}
        </Button>
      )}
    </Panel>
  );
}

export function Decided({ note, decision }: { note: Note; decision: NonNullable<Note["decision"]> }) {
  return (
    <Panel title={t("decided.title")} lead={t("decided.detail", { when: relativeTime(decision.decided_at) })}>
      <Answers found={decision} />
      <Text size="sm" mt={4} style={{ whiteSpace: "pre-wrap" }}>
        {t("verdict.item", { item: t("form.reason"), answer: decision.reason })}
      </Text>
      {note.label && <LabelOfNote note={note} />}
    </Panel>
  );
}

export function LabelOfNote({ note }: { note: Note }) {
  const slug = useSlug();
  const showsLabels = useShowsLabels();
  const label = note.label!;
  return (
    <Alert variant="light" mt="sm" title={t("label.title", { patient: label.patient, side: sideWord(note.side) })}>
      <Badge>{labelNow(label)}</Badge>
      <Text size="sm" mt={4}>
        {whatHappened(label)}
      </Text>
      {showsLabels && (
        <TextLink size="sm" to={`/studies/${slug}/labels?label=${label.id}`}>
          {t("label.show")}
        </TextLink>
      )}
    </Alert>
  );
}
