import { useNavigate } from "react-router";
import { api } from "@/shared/api";
import { useSlug } from "@/shared/study";

/** Goes to the next note, which is this person's from then on; to the list when none is left. */
export function useClaim() {
  const slug = useSlug();
  const navigate = useNavigate();
  const claim = api.useMutation("post", "/api/v1/studies/{slug}/notes/claim");
  const go = async (state: unknown = null, passingOver: number | null = null) => {
    const { id } = await claim.mutateAsync({ params: { path: { slug } }, body: { passing_over: passingOver } });
    void navigate(id === null ? `/studies/${slug}/notes` : `/studies/${slug}/notes/${id}`, { state });
    window.scrollTo({ top: 0 });
  };
  return { go, isBusy: claim.isPending, error: claim.error };
}
