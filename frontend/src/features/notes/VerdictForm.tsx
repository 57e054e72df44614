import { ActionIcon, Button, Group, Kbd, Stack, Text, Textarea } from "@mantine/core";
import { getHotkeyHandler, useHotkeys } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { type ReactNode, useId, useRef, useState } from "react";
import type { Schemas } from "@/shared/api";
import { ErrorNotice, Panel } from "@/shared/components";
import { byOneWord, nextMark, nextSentence, quoted, type Span } from "./segments";
import { t } from "./text";
import { type Answers, answerWord, CHOICES, type Choice, type Found, type Item, ITEMS, missing, NOTHING, type Note } from "./verdict";
import classes from "./VerdictForm.module.css";

export type Verdict = Schemas["VerdictRequest"];

interface VerdictFormProps {
  note: Note;
  title: string;
  lead?: ReactNode;
  /** The answers of an earlier verdict of the same person, to be changed. */
  start?: Found;
  submit: string;
  quote: Span | null;
  onQuote: (quote: Span | null) => void;
  /** An adjudicator gives the reason of the decision too. */
  withReason?: boolean;
  onSubmit: (verdict: Verdict, reason: string) => void;
  isBusy: boolean;
  error: unknown;
  /** While a dialog is open the keys are not the form's. */
  keysOff: boolean;
}

export function VerdictForm(props: VerdictFormProps) {
  const { note, quote, onQuote, withReason = false, isBusy, keysOff } = props;
  const [answers, setAnswers] = useState<Answers>(props.start ?? NOTHING);
  const [comment, setComment] = useState(props.start?.comment ?? "");
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const commentField = useRef<HTMLTextAreaElement>(null);
  const answer = (item: Item, value: Choice["value"]) => setAnswers((now) => ({ ...now, [item]: value }));
  const open = missing(answers).map((item) => t(`form.${item}`));
  if (withReason && !reason.trim()) open.push(t("form.reason"));
  const submit = () => {
    if (isBusy) return;
    setAsked(true);
    const { cup, stem, infection, diagnoses_agree } = answers;
    if (!cup || !stem || !infection || diagnoses_agree === null || open.length > 0) return;
    const place = { quote_start: quote?.start ?? null, quote_end: quote?.end ?? null };
    props.onSubmit({ cup, stem, infection, diagnoses_agree, comment, ...place }, reason.trim());
  };
  const moveQuote = (edge: "start" | "end", step: 1 | -1) => quote && onQuote(byOneWord(note.text, quote, edge, step));
  const keys = ITEMS.flatMap((item) =>
    CHOICES[item].map(({ key, value }): [string, () => void] => [key, () => answer(item, value)]),
  );
  // Radio buttons are inputs too: only where text is typed do the keys rest.
  useHotkeys(
    keysOff
      ? []
      : [
          ...keys,
          ["M", () => onQuote(nextMark(note.evidence, note.text, quote))],
          ["S", () => onQuote(nextSentence(note.text, quote, 1))],
          ["shift+S", () => onQuote(nextSentence(note.text, quote, -1))],
          ["shift+ArrowRight", () => moveQuote("end", 1)],
          ["shift+ArrowLeft", () => moveQuote("end", -1)],
          ["alt+shift+ArrowRight", () => moveQuote("start", 1)],
          ["alt+shift+ArrowLeft", () => moveQuote("start", -1)],
          ["X", () => onQuote(null)],
          ["C", () => commentField.current?.focus()],
          ["mod+Enter", submit],
        ],
    ["TEXTAREA", "SELECT"],
  );
  const inText = getHotkeyHandler([
    ["mod+Enter", submit],
    ["Escape", () => (document.activeElement as HTMLElement | null)?.blur()],
  ]);
  return (
    <Panel title={props.title} lead={props.lead}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="sm">
          {ITEMS.map((item) => (
            <Question key={item} item={item} value={answers[item]} onAnswer={(value) => answer(item, value)} />
          ))}
          <Quote text={quote && quoted(note.text, quote)} onClear={() => onQuote(null)} />
          <Textarea
            ref={commentField}
            label={t("form.comment")}
            autosize
            minRows={1}
            maxRows={5}
            maxLength={2000}
            onKeyDown={inText}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          {withReason && (
            <Textarea
              label={t("form.reason")}
              required
              autosize
              minRows={2}
              maxRows={6}
              maxLength={1000}
              onKeyDown={inText}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          <ErrorNotice error={props.error} title={t("form.refused")} />
          {asked && open.length > 0 && (
            <Text size="sm" c="red" role="alert">
              {t("form.missing", { list: open.join(", ") })}
            </Text>
          )}
          <Button type="submit" loading={isBusy} rightSection={<SubmitKeys />}>
            {props.submit}
          </Button>
        </Stack>
      </form>
    </Panel>
  );
}

const SUBMIT_KEYS = "Ctrl ↵";

function SubmitKeys() {
  return (
    <Kbd size="xs" bg="transparent" c="inherit" style={{ borderColor: "currentColor" }}>
      {SUBMIT_KEYS}
    </Kbd>
  );
}

interface QuestionProps {
  item: Item;
  value: Answers[Item];
  onAnswer: (value: Choice["value"]) => void;
}

function Question({ item, value, onAnswer }: QuestionProps) {
  const name = useId();
  return (
    <fieldset className={classes.group}>
      <legend>{t(`form.${item}`)}</legend>
      <div className={classes.choices}>
        {CHOICES[item].map((choice) => (
          <label key={choice.key} className={classes.choice}>
            <input
              type="radio"
              name={name}
              checked={value === choice.value}
              onChange={() => onAnswer(choice.value)}
            />
            <span>{answerWord(choice.value)}</span>
            <kbd aria-hidden="true">{choice.key}</kbd>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Quote({ text, onClear }: { text: string | null; onClear: () => void }) {
  return (
    <div>
      <Group justify="space-between" mb={2}>
        <Text size="sm" fw={600}>
          {t("form.quote")}
        </Text>
        {text && (
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("form.quote_clear")} onClick={onClear}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </Group>
      {text ? (
        <blockquote className={classes.quote}>{text}</blockquote>
      ) : (
        <Text size="xs" className="muted">
          {t("form.quote_hint")}
        </Text>
      )}
    </div>
  );
}
