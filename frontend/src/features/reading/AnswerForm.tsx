import { Button, Kbd, Textarea } from "@mantine/core";
import { ErrorNotice } from "@/shared/components";
import { type Answer, CALLS, missing, withCall } from "./calls";
import { Confidence } from "./Confidence";
import type { Draft } from "./draftKeeper";
import { t } from "./text";
import classes from "./reading.module.css";

interface AnswerFormProps {
  draft: Draft;
  locked: boolean;
  busy: boolean;
  waiting: boolean;
  problem: unknown;
  onChange: (answer: Answer) => void;
  onSubmit: () => void;
}

export function AnswerForm({ draft, locked, busy, waiting, problem, onChange, onSubmit }: AnswerFormProps) {
  const { answer } = draft;
  const lacks = missing(answer);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <fieldset className={classes.calls} disabled={locked}>
        <legend>{t("answer.call")}</legend>
        {CALLS.map(({ call, key }) => (
          <label key={call} className={classes.call} data-chosen={answer.call === call || undefined}>
            <input
              type="radio"
              name="call"
              value={call}
              checked={answer.call === call}
              onChange={() => onChange(withCall(answer, call))}
            />
            <span>{t(`answer.${call}`)}</span>
            <Kbd size="xs" aria-hidden="true">
              {key.toUpperCase()}
            </Kbd>
          </label>
        ))}
      </fieldset>
      <Confidence
        value={answer.confidence}
        applies={answer.call !== "cannot_assess"}
        disabled={locked}
        onChange={(confidence) => onChange({ ...answer, confidence })}
      />
      <Textarea
        label={t("answer.comment")}
        size="sm"
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        disabled={locked}
        data-comment
        value={answer.comment}
        onChange={(event) => onChange({ ...answer, comment: event.currentTarget.value })}
      />
      <ErrorNotice error={problem} />
      <div>
        <Button
          type="submit"
          fullWidth
          size="md"
          disabled={lacks !== null || (locked && !busy)}
          loading={busy && !waiting}
          rightSection={<Kbd size="xs">{"↵"}</Kbd>}
        >
          {t("answer.submit")}
        </Button>
        <p className={classes.hint} role="status">
          {waiting ? t("answer.waiting") : lacks ? t(lacks) : "\u00a0"}
        </p>
      </div>
      <p className={classes.draft} role="status" data-draft={draft.status}>
        {t(`draft.${draft.status}`)}
      </p>
      <ErrorNotice error={draft.problem} />
    </form>
  );
}
