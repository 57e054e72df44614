import { useEffect, useRef } from "react";
import { isTyping, keyOf } from "@/shared/viewer";

interface AnswerKeysProps {
  locked: boolean;
  onEnter: () => void;
  /** The form's own keys; true when one was meant for it. */
  onKey: (key: string, event: KeyboardEvent) => boolean;
  /** Marks the case to be looked at again, where the reader may go back. */
  onLookAgain: (() => void) | null;
}

/** Where Enter belongs to what has the focus. */
const PRESSABLE = "button, a, textarea, [role=button]";

/** The whole answer by keyboard, wherever the focus is, unless a text is being written. */
export function useAnswerKeys(props: AnswerKeysProps): void {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.altKey || event.repeat || document.querySelector("[role=dialog]")) return;
      if (handled(event, latest.current)) event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

function handled(event: KeyboardEvent, { locked, onEnter, onKey, onLookAgain }: AnswerKeysProps): boolean {
  const key = keyOf(event);
  const target = event.target instanceof Element ? event.target : null;
  if (key === "escape" && isTyping(target)) {
    (target as HTMLElement).blur();
    return true;
  }
  if (key === "ctrl+enter" || (key === "enter" && !target?.closest(PRESSABLE))) {
    onEnter();
    return true;
  }
  if (locked || isTyping(target)) return false;
  if (key === "n") {
    document.querySelector<HTMLElement>("[data-comment]")?.focus();
    return true;
  }
  if (key === "q" && onLookAgain) {
    onLookAgain();
    return true;
  }
  return onKey(key, event);
}
