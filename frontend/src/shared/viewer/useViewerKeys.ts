import { useEffect } from "react";
import type { MarkStore } from "./markStore";
import { type Action, actionOf, isTyping, keyOf, type Tool, toolOf } from "./tools";

interface ViewerKeysProps {
  enabled: boolean;
  act: (action: Action) => void;
  setTool: (tool: Tool) => void;
  /** Sets a point in the middle of the picture; null while no tool draws. */
  place: (() => void) | null;
  marks: MarkStore;
}

/** What the space bar would press instead. */
const PRESSABLE = "button, a, input, select, summary, [role=menuitem]";

/** The viewer by keyboard, wherever the focus is, unless a text is being written. */
export function useViewerKeys({ enabled, act, setTool, place, marks }: ViewerKeysProps): void {
  useEffect(() => {
    if (!enabled) return undefined;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.altKey || document.querySelector("[role=dialog]")) return;
      const key = keyOf(event);
      const [action, tool] = [actionOf(key), toolOf(key, marks.takesFindings)];
      const { chosen } = marks.get();
      const pressable = event.target instanceof Element && event.target.closest(PRESSABLE) !== null;
      if (action) act(action);
      else if (tool) setTool(tool);
      else if (key === " " && place && !pressable) place();
      else if (key === "delete" && chosen !== null) marks.remove(chosen);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [enabled, act, setTool, place, marks]);
}
