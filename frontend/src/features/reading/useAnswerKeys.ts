import { useEffect, useRef } from "react";
import { isTyping, keyOf } from "@/shared/viewer";
import { type Answer, CALLS, nudged, typedConfidence, withCall } from "./calls";

const STEPS: Record<string, number> = { arrowright: 1, arrowleft: -1, arrowup: 10, arrowdown: -10 };
/** After this pause a digit begins a new number. */
const TYPING_MILLISECONDS = 1200;

interface AnswerKeysProps {
  answer: Answer;
  locked: boolean;
  onChange: (answer: Answer) => void;
  onEnter: () => void;
}

/** The whole answer by keyboard, wherever the focus is, unless a text is being written. */
export function useAnswerKeys(props: AnswerKeysProps): void {
  const latest = useRef(props);
  const typed = useRef({ text: "", at: 0 });
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.altKey || event.repeat || document.querySelector("[role=dialog]")) return;
      if (handled(event, latest.current, typed.current)) event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

function handled(event: KeyboardEvent, props: AnswerKeysProps, typed: { text: string; at: number }): boolean {
  const { answer, locked, onChange, onEnter } = props;
  const key = keyOf(event);
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (key === "escape" && isTyping(target)) {
    target?.blur();
    return true;
  }
  if (key === "ctrl+enter" || (key === "enter" && !target?.closest("button, a, textarea"))) {
    onEnter();
    return true;
  }
  if (locked || isTyping(target)) return false;
  const call = CALLS.find((choice) => choice.key === key)?.call;
  if (call) {
    onChange(withCall(answer, call));
    return true;
  }
  if (key === "n") {
    document.querySelector<HTMLElement>("[data-comment]")?.focus();
    return true;
  }
  return confidenceKey(key, answer, onChange, typed);
}

function confidenceKey(
  key: string,
  answer: Answer,
  onChange: (answer: Answer) => void,
  typed: { text: string; at: number },
): boolean {
  if (answer.call === "cannot_assess") return false;
  const step = STEPS[key];
  if (step !== undefined) {
    onChange({ ...answer, confidence: nudged(answer.confidence, step) });
    return true;
  }
  if (!/^\d$/.test(key)) return false;
  const now = Date.now();
  const written = typedConfidence(now - typed.at < TYPING_MILLISECONDS ? typed.text : "", key);
  typed.text = written.typed;
  typed.at = now;
  onChange({ ...answer, confidence: written.confidence });
  return true;
}
