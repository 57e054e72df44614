import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, type Schemas } from "@/shared/api";

const { queryKey } = api.queryOptions("get", "/api/v1/session", {});

/** Another person, or none: nothing of the one before stays in memory. */
export function useTakeSession(): (session: Schemas["Session"]) => void {
  const queries = useQueryClient();
  return useCallback(
    (session) => {
      queries.removeQueries({ predicate: (query) => query.queryKey[1] !== queryKey[1] });
      queries.setQueryData(queryKey, session);
    },
    [queries],
  );
}
