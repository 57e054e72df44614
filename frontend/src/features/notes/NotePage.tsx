import { Alert, Badge, Button, Text } from "@mantine/core";
import { IconKeyboard } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { api } from "@/shared/api";
import { KeyboardHelp, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { relativeTime, t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { keyGroups } from "./keys";
import { type Kept, LabelNotice } from "./LabelNotice";
import { NoteText } from "./NoteText";
import { operationWord } from "./operation";
import type { Span } from "./segments";
import { t } from "./text";
import { answerWord, ITEMS, labelNow, type Note, sideWord, whatHappened } from "./verdict";
import { VerdictForm, type Verdict } from "./VerdictForm";
import classes from "./VerdictForm.module.css";
import { VerdictsBeside } from "./VerdictsBeside";

const NOTES = "/api/v1/studies/{slug}/notes";
const NOTE = "/api/v1/studies/{slug}/notes/{note_id}";
/** What a verdict changes elsewhere. */
const STALE = new Set([NOTES, "/api/v1/studies/{slug}/cohort", "/api/v1/studies/{slug}/labels", "/api/v1/studies/{slug}"]);

export function Component() {
  const slug = useSlug();
  const { noteId = "" } = useParams();
  // Every look at a note is on record: it is asked for once, not whenever the window comes to the front.
  const note = api.useQuery(
    "get",
    NOTE,
    { params: { path: { slug, note_id: Number(noteId) } } },
    { staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false },
  );
  const [helpOpened, setHelpOpened] = useState(false);
  const toggleHelp = () => setHelpOpened((now) => !now);
  const kept = (useLocation().state as { kept?: Kept } | null)?.kept;
  const side = note.data ? sideWord(note.data.side) : "";
  return (
    <Page
      title={note.data ? t("note.title", { id: noteId, side }) : t("title")}
      lead={note.data && operationWord(note.data.cpt)}
      above={<TextLink to={`/studies/${slug}/notes`}>{t("note.back")}</TextLink>}
      actions={
        <>
          <Position />
          <Button variant="default" size="xs" leftSection={<IconKeyboard size={16} />} onClick={toggleHelp}>
            {common("keys.open")}
          </Button>
        </>
      }
    >
      {kept && kept.noteId !== Number(noteId) && <LabelNotice kept={kept} />}
      <Loaded query={note} height={480}>
        {(data) => <Reading key={data.id} note={data} keysOff={helpOpened} />}
      </Loaded>
      <KeyboardHelp groups={keyGroups()} opened={helpOpened} onToggle={toggleHelp} />
    </Page>
  );
}

function Position() {
  const slug = useSlug();
  const { data } = api.useQuery("get", NOTES, { params: { path: { slug } } });
  if (!data?.progress) return null;
  const { mine, waiting_for_me: waiting } = data.progress;
  return (
    <Text size="sm" className="muted numbers">
      {t("note.position", { mine, waiting })}
    </Text>
  );
}

function Reading({ note, keysOff }: { note: Note; keysOff: boolean }) {
  const [quote, setQuote] = useState<Span | null>(null);
  const [again, setAgain] = useState(false);
  const adjudicates = note.to_adjudicate.length > 0;
  const { assess, adjudicate } = useVerdicts(note);
  const { mine } = note;
  const form = { note, quote, onQuote: setQuote, keysOff };
  return (
    <div className={classes.layout}>
      <NoteText note={note} quote={quote ?? (mine && !again ? spanOf(mine) : null)} onQuote={setQuote} />
      <div className={classes.aside}>
        {adjudicates && <VerdictsBeside note={note} />}
        {adjudicates && (
          <VerdictForm
            {...form}
            title={t("adjudicate.your")}
            submit={t("form.decide")}
            withReason
            onSubmit={(verdict, reason) => adjudicate.send({ ...verdict, reason })}
            isBusy={adjudicate.isPending}
            error={adjudicate.error}
          />
        )}
        {mine && <Mine note={note} mine={mine} onAgain={again ? undefined : () => setAgain(true)} />}
        {!mine && note.label && <LabelOfNote note={note} />}
        {!adjudicates && (!mine || again) && !(note.label?.rung === "adjudicated" && !mine) && (
          <VerdictForm
            {...form}
            title={t("form.title")}
            submit={t("form.submit")}
            onSubmit={assess.send}
            isBusy={assess.isPending}
            error={assess.error}
          />
        )}
      </div>
    </div>
  );
}

function spanOf({ quote_start: start, quote_end: end }: NonNullable<Note["mine"]>): Span | null {
  return start !== null && end !== null ? { start, end } : null;
}

function Mine({ note, mine, onAgain }: { note: Note; mine: NonNullable<Note["mine"]>; onAgain?: () => void }) {
  return (
    <Panel title={t("mine.title")} lead={t("mine.detail", { when: relativeTime(mine.assessed_at), version: mine.version })}>
      {ITEMS.map((item) => (
        <Text key={item} size="sm">
          {t("verdict.item", { item: t(`form.${item}`), answer: answerWord(mine[item]) })}
        </Text>
      ))}
      {note.label && <LabelOfNote note={note} />}
      {onAgain && (
        <Button variant="default" size="xs" mt="sm" onClick={onAgain}>
          {t("form.again")}
        </Button>
      )}
    </Panel>
  );
}

function LabelOfNote({ note }: { note: Note }) {
  const slug = useSlug();
  const label = note.label!;
  return (
    <Alert variant="light" mt="sm" title={t("label.title", { patient: label.patient, side: sideWord(note.side) })}>
      <Badge>{labelNow(label)}</Badge>
      <Text size="sm" mt={4}>
        {whatHappened(label)}
      </Text>
      <TextLink size="sm" to={`/studies/${slug}/labels?label=${label.id}`}>
        {t("label.show")}
      </TextLink>
    </Alert>
  );
}

/** Sends a verdict or a decision, then goes to the next note with word of what became of the label. */
function useVerdicts(note: Note) {
  const slug = useSlug();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const path = { slug, note_id: note.id };
  const refresh = () => queries.invalidateQueries({ predicate: ({ queryKey }) => STALE.has(String(queryKey[1])) });
  const go = (answer: Note, next: number | null) => {
    const kept: Kept = { noteId: note.id, side: note.side, label: answer.label };
    const to = next === null ? `/studies/${slug}/notes` : `/studies/${slug}/notes/${next}`;
    void navigate(to, { state: { kept } });
    window.scrollTo({ top: 0 });
  };
  const assess = api.useMutation("post", `${NOTE}/assess`, {
    onSuccess: async (answer) => {
      await refresh();
      go(answer, answer.next_id);
    },
  });
  const adjudicate = api.useMutation("post", `${NOTE}/adjudicate`, {
    onSuccess: async (answer) => {
      await refresh();
      const left = await queries.fetchQuery(api.queryOptions("get", NOTES, { params: { path: { slug } } }));
      go(answer, left.disputed.find(({ id }) => id !== note.id)?.id ?? null);
    },
  });
  return {
    assess: { ...assess, send: (body: Verdict) => assess.mutate({ params: { path }, body }) },
    adjudicate: {
      ...adjudicate,
      send: (body: Verdict & { reason: string }) => adjudicate.mutate({ params: { path }, body }),
    },
  };
}
