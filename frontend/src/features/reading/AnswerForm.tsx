import { Button, Checkbox, Kbd, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNotice } from "@/shared/components";
import { type Answer, missing } from "./calls";
import type { Draft } from "./draftKeeper";
import { unanswered } from "./questions";
import { t } from "./text";
import classes from "./reading.module.css";

interface AnswerFormProps {
  draft: Draft;
  locked: boolean;
  busy: boolean;
  waiting: boolean;
  problem: unknown;
  /** Where the reader may go back: the answer stays a draft, and the next case follows. */
  keepsDrafts: boolean;
  /** The questions themselves, quick or full. */
  children: ReactNode;
  onChange: (answer: Answer) => void;
  onSubmit: () => void;
}

export function AnswerForm(props: AnswerFormProps) {
  const { draft, locked, problem, keepsDrafts, children, onChange, onSubmit } = props;
  const { answer } = draft;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <Textarea
        label={t("answer.comment")}
        size="sm"
        autosize
        minRows={answer.findings ? 1 : 2}
        maxRows={6}
        maxLength={2000}
        disabled={locked}
        data-comment
        value={answer.comment}
        onChange={(event) => onChange({ ...answer, comment: event.currentTarget.value })}
      />
      {keepsDrafts && (
        <Checkbox
          size="md"
          label={
            <>
              {t("answer.look_again")} <Kbd size="xs">{"Q"}</Kbd>
            </>
          }
          disabled={locked}
          checked={answer.look_again}
          onChange={(event) => onChange({ ...answer, look_again: event.currentTarget.checked })}
        />
      )}
      <ErrorNotice error={problem} />
      <Submit {...props} />
      <ErrorNotice error={draft.problem} />
    </form>
  );
}

function Submit({ draft, locked, busy, waiting, keepsDrafts }: AnswerFormProps) {
  const { answer } = draft;
  const lacks = missing(answer);
  const count = answer.findings ? unanswered(answer.findings).length : 0;
  return (
    <div className={classes.submit}>
      <Button
        type="submit"
        fullWidth
        size="md"
        disabled={(lacks !== null && !keepsDrafts) || (locked && !busy)}
        loading={busy && !waiting}
        rightSection={<Kbd size="xs">{"↵"}</Kbd>}
      >
        {t(keepsDrafts ? "answer.next" : "answer.submit")}
      </Button>
      <p className={classes.hint} role="status">
        {waiting ? t("answer.waiting") : lacks ? t(lacks, { count }) : "\u00a0"}
      </p>
      <p className={classes.draft} role="status" data-draft={draft.status}>
        {t(`draft.${draft.status}`)}
      </p>
    </div>
  );
}
