import { useMemo, useRef, useState } from "react";
import type { LengthMark } from "./length";
import type { Point } from "./types";

type Marks = readonly LengthMark[];

const UNDO_STEPS = 50;

/** The lines on one picture, with undo. */
export function useMarks() {
  const [marks, setMarks] = useState<Marks>([]);
  const [chosen, setChosen] = useState<number | null>(null);
  const now = useRef<Marks>([]);
  const history = useRef<Marks[]>([]);
  const lastId = useRef(0);
  const actions = useMemo(() => {
    const show = (next: Marks) => {
      now.current = next;
      setMarks(next);
    };
    const remember = () => {
      history.current = [...history.current.slice(1 - UNDO_STEPS), now.current];
    };
    return {
      choose: setChosen,
      /** Called before a change that undo shall take back. */
      remember,
      begin(at: Point): number {
        remember();
        lastId.current += 1;
        show([...now.current, { id: lastId.current, from: at, to: at }]);
        setChosen(lastId.current);
        return lastId.current;
      },
      move(id: number, end: "from" | "to", at: Point) {
        show(now.current.map((mark) => (mark.id === id ? { ...mark, [end]: at } : mark)));
      },
      remove(id: number) {
        remember();
        show(now.current.filter((mark) => mark.id !== id));
        setChosen(null);
      },
      clear() {
        if (now.current.length === 0) return;
        remember();
        show([]);
      },
      undo() {
        const before = history.current.pop();
        if (before) show(before);
      },
    };
  }, []);
  return { marks, chosen, ...actions };
}
