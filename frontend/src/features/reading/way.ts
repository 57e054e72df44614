import { useEffect } from "react";
import { isTyping } from "@/shared/viewer";

/** Back and forth between the cases; null where there is none. */
export interface Way {
  previous: (() => void) | null;
  next: (() => void) | null;
  summary: () => void;
}

export function useWayKeys(way: Way | null): void {
  useEffect(() => {
    if (!way) return undefined;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || document.querySelector("[role=dialog]")) return;
      const go = event.key === "PageUp" ? way.previous : event.key === "PageDown" ? way.next : null;
      if (!go) return;
      event.preventDefault();
      go();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [way]);
}
