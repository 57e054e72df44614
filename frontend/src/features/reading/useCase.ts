import { useEffect, useRef, useState } from "react";
import { api, client } from "@/shared/api";
import { type Answer, answerOf, type Case, emptyAnswer, type Form, sentOf } from "./calls";
import { DraftKeeper } from "./draftKeeper";
import { FocusTime } from "./focusTime";

export const imageUrl = (code: string, kind: "preview" | "full_depth") => `/api/v1/reading/cases/${code}/image/${kind}`;

const caseParams = (code: string) => ({ params: { path: { code } } });
export const caseQuery = (code: string) => api.queryOptions("get", "/api/v1/reading/cases/{code}", caseParams(code));

async function saved(code: string, answer: Answer, revision: number, focus: number): Promise<number> {
  const { data } = await client.PUT("/api/v1/reading/cases/{code}/draft", {
    ...caseParams(code),
    body: { ...sentOf(answer), comment: answer.comment, look_again: answer.look_again, revision, focus_milliseconds: focus },
  });
  return data?.draft_revision ?? revision;
}

interface OpenedCase {
  keeper: DraftKeeper;
  /** The case as it was opened; null until then. */
  opened: Case | null;
  problem: unknown;
}

/** Tells the server that the case is on the screen, and keeps its draft from then on. */
export function useOpenedCase(code: string, form: Form, onLeft: (() => void) | null): OpenedCase & { retry: () => void } {
  const [focus] = useState(() => new FocusTime());
  const [keeper] = useState(
    () =>
      new DraftKeeper(
        code,
        {
          save: (answer, revision, milliseconds) => saved(code, answer, revision, milliseconds),
          focusMilliseconds: () => focus.milliseconds,
          storage: localStorage,
        },
        emptyAnswer(form),
      ),
  );
  const [opened, setOpened] = useState<Case | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const left = useRef(onLeft);
  useEffect(() => {
    left.current = onLeft;
  });
  useEffect(() => focus.watch(), [focus]);
  useEffect(() => {
    let current = true;
    client.POST("/api/v1/reading/cases/{code}/open", caseParams(code)).then(
      ({ data }) => {
        if (!current || !data) return;
        keeper.begin(answerOf(data.form, data.draft), data.draft_revision);
        setOpened(data);
        setProblem(null);
      },
      (error: unknown) => current && setProblem(error),
    );
    return () => {
      current = false;
    };
  }, [code, keeper, attempt]);
  useEffect(() => {
    const online = () => void keeper.flush();
    window.addEventListener("online", online);
    return () => {
      window.removeEventListener("online", online);
      // What lists the answers asks for them again once the last one has arrived.
      void keeper.flush().then(() => left.current?.());
    };
  }, [keeper]);
  return { keeper, opened, problem, retry: () => setAttempt((count) => count + 1) };
}
