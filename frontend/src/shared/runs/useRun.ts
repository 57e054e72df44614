import { useParams } from "react-router";
import { api } from "@/shared/api";
import { useSlug } from "@/shared/study";
import { isActive, pollWhile } from "./jobTimes";

/** The run that the address names, asked for each second while it is queued or running. */
export function useRun() {
  const slug = useSlug();
  const runId = Number(useParams().run);
  const path = { slug, run_id: runId };
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/runs/{run_id}",
    { params: { path } },
    { refetchInterval: ({ state }) => pollWhile(state.data && isActive(state.data.job)), staleTime: 0 },
  );
  return { slug, runId, path, query };
}
