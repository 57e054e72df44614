import { createContext, useContext } from "react";
import type { Schemas } from "@/shared/api";

export type Study = Schemas["Study"];

export const StudyContext = createContext<Study | null>(null);

/** The study whose pages are open. */
export function useStudy(): Study {
  const study = useContext(StudyContext);
  if (!study) throw new Error("useStudy is for pages of a study");
  return study;
}

export const useSlug = (): string => useStudy().slug;
