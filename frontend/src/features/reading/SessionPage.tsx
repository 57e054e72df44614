import { Center, Loader } from "@mantine/core";
import { useCallback } from "react";
import { useParams } from "react-router";
import { useQueryClient } from "@tanstack/react-query";
import { api } from "@/shared/api";
import { ErrorBoundary, ErrorNotice, useTitle } from "@/shared/components";
import { useDarkRoom } from "@/shared/theme/useDarkRoom";
import type { Session } from "./calls";
import { Instructions } from "./Instructions";
import { ReadingRoom } from "./ReadingRoom";
import { readsKey } from "./myReads";
import { Signed } from "./Signed";
import { SignSession } from "./SignSession";
import { t } from "./text";
import { useDisplayReport } from "./useDisplayReport";
import classes from "./reading.module.css";

/** One session from its instructions to its signature; which part is shown follows from what the server knows. */
export function Component() {
  useDarkRoom();
  useTitle(t("navigation"));
  const id = Number(useParams().sessionId);
  const params = { params: { path: { session_id: id } } };
  const session = api.useQuery("get", "/api/v1/reading/sessions/{session_id}", params, { staleTime: 0 });
  const queries = useQueryClient();
  const { queryKey } = api.queryOptions("get", "/api/v1/reading/sessions/{session_id}", params);
  const changed = useCallback(
    (fresh?: Session) => {
      if (fresh) queries.setQueryData(queryKey, fresh);
      else void queries.invalidateQueries({ queryKey });
      void queries.invalidateQueries({ queryKey: readsKey(id) });
    },
    // The key is made anew with every rendering and is the same for the same session.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [queries, id],
  );
  return (
    <div className={classes.dark}>
      <ErrorBoundary>
        {session.data ? (
          <Part session={session.data} onChanged={changed} />
        ) : (
          <Center h="100vh">
            {session.error ? (
              <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
            ) : (
              <Loader aria-label={t("room.loading")} />
            )}
          </Center>
        )}
      </ErrorBoundary>
    </div>
  );
}

function Part({ session, onChanged }: { session: Session; onChanged: (fresh?: Session) => void }) {
  useDisplayReport(session);
  if (session.state === "signed") return <Signed session={session} />;
  if (!session.instructions_accepted) return <Instructions session={session} onAccepted={onChanged} />;
  return (
    <ReadingRoom
      session={session}
      onChanged={onChanged}
      sign={(goTo) => <SignSession session={session} onSigned={onChanged} goTo={goTo} />}
    />
  );
}
