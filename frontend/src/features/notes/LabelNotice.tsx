import { Alert, Group, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { TextLink } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";
import { useShowsLabels } from "./useShowsLabels";
import { labelNow, type Note, sideWord, whatHappened } from "./verdict";

/** What the last verdict has done: travels with the address to the next note, and stays until the one after. */
export interface Kept {
  noteId: number;
  side: string;
  label: Note["label"];
  /** Of the verdict: an undo makes the next one. A decision has none and is not undone. */
  version: number | null;
}

export function LabelNotice({ kept, atEnd = false }: { kept: Kept; atEnd?: boolean }) {
  const slug = useSlug();
  const showsLabels = useShowsLabels();
  const { label, noteId, side, version } = kept;
  const title = label ? t("label.title", { patient: label.patient, side: sideWord(side) }) : t("label.last", { id: String(noteId) });
  return (
    <Alert color="teal" variant="outline" icon={<IconCheck />} title={title + (label ? ": " + labelNow(label) : "")} role="status">
      <Text size="sm">{label ? whatHappened(label) : t("label.kept", { version: version ?? 1 })}</Text>
      {atEnd && <Text size="sm">{t("label.end")}</Text>}
      <Group gap="md" mt={4}>
        {label && showsLabels && (
          <TextLink size="sm" to={`/studies/${slug}/labels?label=${label.id}`}>
            {t("label.show")}
          </TextLink>
        )}
        {version !== null && (
          <TextLink size="sm" to={`/studies/${slug}/notes/${noteId}`} state={{ again: true }}>
            {t("label.undo")}
          </TextLink>
        )}
      </Group>
    </Alert>
  );
}
