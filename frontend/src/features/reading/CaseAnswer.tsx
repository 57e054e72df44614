import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ErrorNotice } from "@/shared/components";
import type { MarkStore } from "@/shared/viewer";
import { AnswerForm } from "./AnswerForm";
import { type Answer, emptyAnswer, type Form, isComplete } from "./calls";
import { Feedback } from "./Feedback";
import { FullForm } from "./FullForm";
import { fullKey } from "./fullKeys";
import { QuickForm } from "./QuickForm";
import { questionOf, QUESTIONS, type Step, unanswered } from "./questions";
import { quickKey } from "./quickKeys";
import { useAnswerKeys } from "./useAnswerKeys";
import { useOpenedCase } from "./useCase";
import { useFindingMarks } from "./useFindingMarks";
import { type Submitted, useSubmit } from "./useSubmit";

interface CaseAnswerProps {
  code: string;
  form: Form;
  /** Where the reader may go back: answers stay drafts until the signature. */
  keepsDrafts: boolean;
  marks: MarkStore;
  onSubmitted: () => void;
  onNext: () => void;
  /** The case was left, and its draft has arrived. */
  onLeft: (() => void) | null;
}

/** The answer to one case, from the moment it is opened until it is locked or left as a draft. */
export function CaseAnswer({ code, form, keepsDrafts, marks, onSubmitted, onNext, onLeft }: CaseAnswerProps) {
  const { keeper, opened, problem, retry } = useOpenedCase(code, form, onLeft);
  const draft = useSyncExternalStore(keeper.subscribe, keeper.get);
  const [result, setResult] = useState<Submitted | null>(null);
  const submission = useSubmit(code, keeper, (submitted) => {
    setResult(submitted);
    onSubmitted();
  });
  const locked = !opened || submission.busy || result !== null;
  const change = (answer: Answer) => keeper.change(answer);
  const submit = () => {
    if (keepsDrafts) void keeper.flush().then(onNext);
    else if (isComplete(draft.answer)) submission.submit(draft.answer);
  };
  useFindingMarks(keeper, marks, opened);
  const asked = useForm(form, draft.answer, locked, marks, change);
  useAnswerKeys({
    locked,
    onEnter: result ? onNext : submit,
    onKey: asked.onKey,
    onLookAgain: keepsDrafts ? () => change({ ...draft.answer, look_again: !draft.answer.look_again }) : null,
  });
  if (result?.feedback) return <Feedback known={result.feedback} answer={draft.answer} onNext={onNext} />;
  return (
    <>
      <ErrorNotice error={problem} onRetry={retry} />
      <AnswerForm
        draft={draft}
        locked={locked}
        busy={submission.busy}
        waiting={submission.waiting}
        problem={submission.problem}
        keepsDrafts={keepsDrafts}
        onChange={change}
        onSubmit={submit}
      >
        {asked.questions}
      </AnswerForm>
    </>
  );
}

/** The questions of the protocol's form, and their keys. */
export function useForm(
  form: Form,
  answer: Answer,
  locked: boolean,
  marks: MarkStore | null,
  onChange: (answer: Answer) => void,
) {
  const typed = useRef({ text: "", at: 0 });
  const [chosen, setChosen] = useState<string | null>(null);
  const findings = answer.findings ?? emptyAnswer("full").findings!;
  // A case that is gone on with begins where it was left.
  const at = chosen ?? unanswered(findings)[0]?.key ?? QUESTIONS[0]!.key;
  const { zone } = questionOf(at);
  useEffect(() => {
    if (zone) marks?.setZone(zone);
  }, [marks, zone]);
  if (form === "quick") {
    const onKey = (key: string) => {
      const next = quickKey(key, answer, typed.current);
      if (next) onChange(next);
      return next !== null;
    };
    return { onKey, questions: <QuickForm answer={answer} disabled={locked} onChange={onChange} /> };
  }
  const take = (step: Step) => {
    setChosen(step.at);
    if (step.findings !== findings) onChange({ ...answer, findings: step.findings });
  };
  const onKey = (key: string, event: KeyboardEvent) => {
    const step = fullKey(key, event, { findings, at });
    if (step) take(step);
    return step !== null;
  };
  return { onKey, questions: <FullForm findings={findings} at={at} disabled={locked} onStep={take} /> };
}
