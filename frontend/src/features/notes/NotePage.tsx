import { Button, Group, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconArrowLeft, IconArrowRight, IconKeyboard } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { api } from "@/shared/api";
import { ErrorNotice, KeyboardHelp, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { useClaim } from "./claiming";
import { keyGroups } from "./keys";
import { type Kept, LabelNotice } from "./LabelNotice";
import { NoteText } from "./NoteText";
import { operationWord } from "./operation";
import { Decided, LabelOfNote, Mine } from "./Outcome";
import { Releases } from "./Releases";
import type { Span } from "./segments";
import { t } from "./text";
import { useVerdicts } from "./useVerdicts";
import { type Note, sideWord, spanOf } from "./verdict";
import { VerdictForm } from "./VerdictForm";
import classes from "./VerdictForm.module.css";
import { VerdictsBeside } from "./VerdictsBeside";

const NOTES = "/api/v1/studies/{slug}/notes";
const NOTE = "/api/v1/studies/{slug}/notes/{note_id}";

export interface NotePageState {
  kept?: Kept;
  /** Undo: the form stands open with the answers of the last verdict. */
  again?: boolean;
}

export function Component() {
  const slug = useSlug();
  const { noteId = "" } = useParams();
  // Every look at a note is on record: it is asked for once, not whenever the window comes to the front.
  const note = api.useQuery(
    "get",
    NOTE,
    { params: { path: { slug, note_id: Number(noteId) } } },
    { staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false, retry: false },
  );
  const [helpOpened, setHelpOpened] = useState(false);
  const toggleHelp = () => setHelpOpened((now) => !now);
  const { kept, again = false } = (useLocation().state as NotePageState | null) ?? {};
  const side = note.data ? sideWord(note.data.side) : "";
  return (
    <Page
      title={note.data ? t("note.title", { id: noteId, side }) : t("title")}
      lead={note.data && operationWord(note.data.cpt)}
      above={<TextLink to={`/studies/${slug}/notes`}>{t("note.back")}</TextLink>}
      actions={
        <>
          <Position />
          {note.data && <Ways key={note.data.id} note={note.data} keysOff={helpOpened} kept={kept} />}
          <Button variant="default" size="xs" leftSection={<IconKeyboard size={16} />} onClick={toggleHelp}>
            {common("keys.open")}
          </Button>
        </>
      }
    >
      {kept && kept.noteId !== Number(noteId) && <LabelNotice kept={kept} />}
      <Loaded query={note} height={480}>
        {(data) => <Reading key={data.id} note={data} keysOff={helpOpened} startsAgain={again} />}
      </Loaded>
      <KeyboardHelp groups={keyGroups()} opened={helpOpened} onToggle={toggleHelp} />
    </Page>
  );
}

function Position() {
  const slug = useSlug();
  const { data } = api.useQuery("get", NOTES, { params: { path: { slug } } });
  if (!data?.progress || !data.may_read) return null;
  const { mine, waiting_for_me: waiting } = data.progress;
  return (
    <Text size="sm" className="muted numbers">
      {t("note.position", { mine, waiting })}
    </Text>
  );
}

/** To the note read before, to the next one, and back to the last verdict: by button and by key. */
function Ways({ note, keysOff, kept }: { note: Note; keysOff: boolean; kept?: Kept }) {
  const slug = useSlug();
  const navigate = useNavigate();
  const claim = useClaim();
  const to = (id: number, state: NotePageState | null = null) => void navigate(`/studies/${slug}/notes/${id}`, { state });
  const previous = () => note.previous_id !== null && to(note.previous_id);
  const next = () => {
    if (note.next_id !== null) to(note.next_id);
    else if (note.may_read || note.mine) void claim.go(null, note.id).catch(() => undefined);
  };
  const undone = kept && kept.version !== null && kept.noteId !== note.id ? kept.noteId : note.mine ? note.id : note.previous_id;
  const undo = () => undone !== null && to(undone, { again: true });
  useHotkeys(
    keysOff
      ? []
      : [
          ["K", previous],
          ["J", next],
          ["U", undo],
        ],
    ["TEXTAREA", "SELECT"],
  );
  return (
    <Group gap={6}>
      <Button.Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconArrowLeft size={14} />}
          disabled={note.previous_id === null}
          onClick={previous}
        >
          {t("note.previous")}
        </Button>
        <Button variant="default" size="xs" rightSection={<IconArrowRight size={14} />} loading={claim.isBusy} onClick={next}>
          {t("note.next")}
        </Button>
      </Button.Group>
      <ErrorNotice error={claim.error} />
    </Group>
  );
}

function Reading({ note, keysOff, startsAgain }: { note: Note; keysOff: boolean; startsAgain: boolean }) {
  const { mine } = note;
  const [again, setAgain] = useState(startsAgain && mine !== null && note.may_read);
  const [quote, setQuote] = useState<Span | null>(again && mine ? spanOf(mine) : null);
  const [dialogOpened, setDialogOpened] = useState(false);
  const adjudicates = note.to_adjudicate.length > 0;
  const { assess, adjudicate } = useVerdicts(note);
  const form = { note, quote, onQuote: setQuote, keysOff: keysOff || dialogOpened };
  const reads = !adjudicates && note.may_read && (!mine || again);
  const shown = quote ?? (mine && !again ? spanOf(mine) : null);
  return (
    <div className={classes.layout}>
      <NoteText note={note} quote={shown} onQuote={setQuote} />
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
        {mine && !again && <Mine note={note} mine={mine} onAgain={note.may_read ? () => setAgain(true) : undefined} />}
        {note.decision && <Decided note={note} decision={note.decision} />}
        {!mine && note.label && <LabelOfNote note={note} />}
        {reads && (
          <VerdictForm
            {...form}
            title={mine ? t("form.title_again") : t("form.title")}
            lead={mine ? t("form.lead_again") : undefined}
            start={mine ?? undefined}
            submit={t("form.submit")}
            onSubmit={assess.send}
            isBusy={assess.isPending}
            error={assess.error}
          />
        )}
        {!reads && !adjudicates && !mine && !note.label && !note.decision && (
          <Panel title={t("closed.note_title")}>
            <Text size="sm">{t("closed.note_detail")}</Text>
          </Panel>
        )}
        <Releases note={note} quote={shown} keysOff={keysOff} onDialog={setDialogOpened} />
      </div>
    </div>
  );
}
