import { useEffect } from "react";
import type { MarkStore } from "@/shared/viewer";
import type { Case } from "./calls";
import type { DraftKeeper } from "./draftKeeper";
import { type FoundMark, NO_FINDINGS } from "./findings";

/** What is drawn on the picture is part of the answer: taken from its draft, and written back to it. */
export function useFindingMarks(keeper: DraftKeeper, marks: MarkStore, opened: Case | null): void {
  useEffect(() => {
    if (!opened || !marks.takesFindings) return undefined;
    marks.load(keeper.get().answer.findings?.marks ?? []);
    return marks.subscribe(() => {
      const { answer } = keeper.get();
      const found = marks.findings(opened.image) as FoundMark[];
      const before = answer.findings ?? NO_FINDINGS;
      if (JSON.stringify(found) === JSON.stringify(before.marks)) return;
      keeper.change({ ...answer, findings: { ...before, marks: found } });
    });
  }, [keeper, marks, opened]);
}
