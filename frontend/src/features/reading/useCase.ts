import { useEffect, useState } from "react";
import { api, client } from "@/shared/api";
import { type Answer, type Case, NO_ANSWER } from "./calls";
import { DraftKeeper } from "./draftKeeper";
import { FocusTime } from "./focusTime";

export const imageUrl = (code: string, kind: "preview" | "full_depth") => `/api/v1/reading/cases/${code}/image/${kind}`;

const caseParams = (code: string) => ({ params: { path: { code } } });
export const caseQuery = (code: string) => api.queryOptions("get", "/api/v1/reading/cases/{code}", caseParams(code));

async function saved(code: string, answer: Answer, revision: number, focus: number): Promise<number> {
  const { data } = await client.PUT("/api/v1/reading/cases/{code}/draft", {
    ...caseParams(code),
    body: { ...answer, revision, focus_milliseconds: focus },
  });
  return data?.draft_revision ?? revision;
}

function answerOf(read: Case): Answer {
  const { call = null, confidence = null, comment = "" } = read.draft;
  return call === null && confidence === null && !comment ? NO_ANSWER : { call, confidence, comment };
}

interface OpenedCase {
  keeper: DraftKeeper;
  opened: boolean;
  problem: unknown;
}

/** Tells the server that the case is on the screen, and keeps its draft from then on. */
export function useOpenedCase(code: string): OpenedCase & { retry: () => void } {
  const [focus] = useState(() => new FocusTime());
  const [keeper] = useState(
    () =>
      new DraftKeeper(code, {
        save: (answer, revision, milliseconds) => saved(code, answer, revision, milliseconds),
        focusMilliseconds: () => focus.milliseconds,
        storage: localStorage,
      }),
  );
  const [opened, setOpened] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => focus.watch(), [focus]);
  useEffect(() => {
    let current = true;
    client.POST("/api/v1/reading/cases/{code}/open", caseParams(code)).then(
      ({ data }) => {
        if (!current || !data) return;
        keeper.begin(answerOf(data), data.draft_revision);
        setOpened(true);
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
      void keeper.flush();
    };
  }, [keeper]);
  return { keeper, opened, problem, retry: () => setAttempt((count) => count + 1) };
}
