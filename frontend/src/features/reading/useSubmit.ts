import { useCallback, useEffect, useRef, useState } from "react";
import { asApiError, client, type Schemas } from "@/shared/api";
import { type Answer, sentOf } from "./calls";
import type { DraftKeeper } from "./draftKeeper";

export type Submitted = Schemas["Submitted"];

const RETRY_AFTER = 3000;

interface Submission {
  submit: (answer: Answer) => void;
  busy: boolean;
  /** The answer waits for the network. */
  waiting: boolean;
  problem: unknown;
}

/** Sends an answer until the server has it. The same answer twice is one answer, so sending again is safe. */
export function useSubmit(code: string, keeper: DraftKeeper, onSubmitted: (result: Submitted) => void): Submission {
  const [state, setState] = useState({ busy: false, waiting: false, problem: null as unknown });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useRef<(() => void) | null>(null);
  const busy = useRef(false);
  useEffect(() => {
    const online = () => again.current?.();
    window.addEventListener("online", online);
    return () => {
      window.removeEventListener("online", online);
      clearTimeout(timer.current);
      again.current = null;
    };
  }, []);
  const send = useCallback(
    async (answer: Answer) => {
      clearTimeout(timer.current);
      again.current = null;
      try {
        const { data } = await client.POST("/api/v1/reading/cases/{code}/submit", {
          params: { path: { code } },
          body: { ...sentOf(answer), comment: answer.comment, focus_milliseconds: keeper.focusMilliseconds },
        });
        busy.current = false;
        setState({ busy: false, waiting: false, problem: null });
        keeper.forget();
        if (data) onSubmitted(data);
      } catch (error) {
        if (asApiError(error).isOffline) {
          setState({ busy: true, waiting: true, problem: null });
          again.current = () => void send(answer);
          timer.current = setTimeout(() => again.current?.(), RETRY_AFTER);
          return;
        }
        busy.current = false;
        keeper.reopen();
        setState({ busy: false, waiting: false, problem: error });
      }
    },
    [code, keeper, onSubmitted],
  );
  const submit = useCallback(
    (answer: Answer) => {
      if (busy.current) return;
      busy.current = true;
      setState({ busy: true, waiting: false, problem: null });
      void keeper.close().then(() => send(answer));
    },
    [keeper, send],
  );
  return { submit, ...state };
}
