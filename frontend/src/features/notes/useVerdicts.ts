import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { useSlug } from "@/shared/study";
import { useClaim } from "./claiming";
import type { Kept } from "./LabelNotice";
import type { Note } from "./verdict";

const NOTES = "/api/v1/studies/{slug}/notes";
const NOTE = "/api/v1/studies/{slug}/notes/{note_id}";
/** What a verdict changes elsewhere. */
const STALE = new Set([
  NOTES,
  `${NOTES}/agreement`,
  "/api/v1/studies/{slug}/cohort",
  "/api/v1/studies/{slug}/labels",
  "/api/v1/studies/{slug}",
]);

/** Sends a verdict or a decision, then goes to the next note with word of what became of it. */
export function useVerdicts(note: Note) {
  const slug = useSlug();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const claim = useClaim();
  const path = { slug, note_id: note.id };
  const refresh = () => queries.invalidateQueries({ predicate: ({ queryKey }) => STALE.has(String(queryKey[1])) });
  const keptOf = (answer: Note): Kept => ({
    noteId: note.id,
    side: note.side,
    label: answer.label,
    version: answer.mine?.version ?? null,
  });
  const assess = api.useMutation("post", `${NOTE}/assess`, {
    onSuccess: async (answer) => {
      await refresh();
      await claim.go({ kept: keptOf(answer) }).catch(() => navigate(`/studies/${slug}/notes`));
    },
  });
  const adjudicate = api.useMutation("post", `${NOTE}/adjudicate`, {
    onSuccess: async (answer) => {
      await refresh();
      const left = await queries.fetchQuery(api.queryOptions("get", NOTES, { params: { path: { slug } } }));
      const next = left.disputed.find(({ id }) => id !== note.id)?.id;
      const to = next === undefined ? `/studies/${slug}/notes` : `/studies/${slug}/notes/${next}`;
      void navigate(to, { state: { kept: keptOf(answer) } });
      window.scrollTo({ top: 0 });
    },
  });
  return {
    assess: {
      ...assess,
      isPending: assess.isPending || claim.isBusy,
      send: (body: Schemas["VerdictRequest"]) => assess.mutate({ params: { path }, body }),
    },
    adjudicate: {
      ...adjudicate,
      send: (body: Schemas["AdjudicationRequest"]) => adjudicate.mutate({ params: { path }, body }),
    },
  };
}
