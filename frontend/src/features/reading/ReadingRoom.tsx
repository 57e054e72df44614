import { Button, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { keepOnly, prefetch } from "@/shared/viewer";
import { Break } from "./Break";
import type { Session } from "./calls";
import { CaseRoom } from "./CaseRoom";
import { Sheet } from "./Sheet";
import { t } from "./text";
import { caseQuery, imageUrl } from "./useCase";
import type { Way } from "./way";

interface ReadingRoomProps {
  session: Session;
  onChanged: () => void;
  /** What comes when every case is answered. */
  sign: (goTo: (position: number) => void) => ReactNode;
}

/** Leads from case to case. A practice case stays until its feedback was read. */
export function ReadingRoom({ session, onChanged, sign }: ReadingRoomProps) {
  const current = session.places.find(({ position }) => position === session.current_position);
  // The case on the screen: a practice case stays for its feedback, and the next one does not wait to hear that it is current.
  const [shown, setShown] = useState<number | null>(() => firstToShow(session));
  const [pause, setPause] = useState<"begin" | "break" | "summary" | null>(() => firstPause(session));
  const place = session.places.find(({ position }) => position === shown) ?? current;
  useAhead(session, place?.position ?? null);
  const goTo = (position: number) => {
    setPause(null);
    setShown(position);
  };
  if (!place?.code || pause === "summary") return sign(goTo);
  const isFree = session.navigation === "free" && !place.is_practice;
  const read = place.position - session.practice_total;
  if (!place.is_practice && pause === "begin") return <Begin session={session} onBegin={() => setPause(null)} />;
  if (!place.is_practice && pause === "break") {
    return <Break session={session} read={read - 1} onGoOn={() => setPause(null)} />;
  }
  const beside = (by: 1 | -1) => session.places.find(({ position }) => position === place.position + by);
  const following = beside(1);
  const goOn = () => {
    const isBatch = session.batch_size > 0 && !place.is_practice && read % session.batch_size === 0;
    if (isBatch && following) setPause("break");
    else if (!following && isFree) setPause("summary");
    setShown(following?.code ? following.position : null);
  };
  return (
    <CaseRoom
      code={place.code}
      place={place}
      session={session}
      nextCode={following?.code ?? null}
      isLast={!following}
      way={isFree ? wayFrom(session, place.position, goTo, () => setPause("summary")) : null}
      onSubmitted={() => {
        if (place.is_practice) setShown(place.position);
        else goOn();
        onChanged();
      }}
      onNext={goOn}
      onLeft={onChanged}
    />
  );
}

/** Where the reader may go back, a session goes on at the first case that was not begun. */
function firstToShow({ navigation, places, practice_done, practice_total }: Session): number | null {
  if (navigation !== "free" || practice_done < practice_total) return null;
  const untouched = places.find(({ state, is_practice }) => !is_practice && (state === "planned" || state === "opened"));
  return untouched?.position ?? null;
}

function firstPause({ navigation, done, drafted, total, practice_total }: Session): "begin" | "summary" | null {
  if (navigation === "free" && drafted === total) return "summary";
  return done + drafted > 0 || practice_total === 0 ? null : "begin";
}

function wayFrom(session: Session, position: number, goTo: (position: number) => void, summary: () => void): Way {
  const to = (next: number) =>
    session.places.some((place) => place.position === next && !place.is_practice) ? () => goTo(next) : null;
  return { previous: to(position - 1), next: to(position + 1), summary };
}

function Begin({ session, onBegin }: { session: Session; onBegin: () => void }) {
  return (
    <Sheet title={t("begin.title")}>
      <Text mt="sm" mb="lg">
        {t("begin.detail", { count: session.total })}
      </Text>
      <Group>
        <Button size="md" autoFocus onClick={onBegin}>
          {t("begin.action")}
        </Button>
      </Group>
    </Sheet>
  );
}

/** Fetches and decodes the cases to come, as far as the server tells their codes; what lies behind is let go. */
function useAhead(session: Session, position: number | null): void {
  const queries = useQueryClient();
  const ahead = session.places
    .filter((place) => position !== null && place.position >= position && place.code !== null)
    .slice(0, 3)
    .map(({ code }) => code as string);
  const codes = ahead.join(" ");
  useEffect(() => {
    const list = codes ? codes.split(" ") : [];
    keepOnly(list.flatMap((code) => [imageUrl(code, "preview"), imageUrl(code, "full_depth")]));
    let current = true;
    const fetchAll = async () => {
      for (const code of list) {
        if (!current) return;
        await Promise.all([
          queries.prefetchQuery(caseQuery(code)),
          prefetch(imageUrl(code, "preview"), imageUrl(code, "full_depth")),
        ]);
      }
    };
    void fetchAll();
    return () => {
      current = false;
    };
  }, [codes, queries]);
  // Nothing of the cases stays in memory when the room is left.
  useEffect(() => () => keepOnly([]), []);
}
