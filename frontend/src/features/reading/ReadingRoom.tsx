import { Button, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { keepOnly, prefetch } from "@/shared/viewer";
import type { Session } from "./calls";
import { CaseRoom } from "./CaseRoom";
import { Sheet } from "./Sheet";
import { t } from "./text";
import { caseQuery, imageUrl } from "./useCase";

interface ReadingRoomProps {
  session: Session;
  onChanged: () => void;
  /** What comes when every case is locked. */
  sign: ReactNode;
}

/** Leads from case to case. A practice case stays until its feedback was read. */
export function ReadingRoom({ session, onChanged, sign }: ReadingRoomProps) {
  const current = session.places.find(({ position }) => position === session.current_position);
  // The case on the screen: a practice case stays for its feedback, and the next one does not wait to hear that it is current.
  const [shown, setShown] = useState<number | null>(null);
  const [begun, setBegun] = useState(session.done > 0 || session.practice_total === 0);
  const place = session.places.find(({ position }) => position === shown) ?? current;
  useAhead(session, place?.position ?? null);
  if (!place?.code) return sign;
  if (!place.is_practice && !begun) return <Begin session={session} onBegin={() => setBegun(true)} />;
  const following = session.places.find(({ position }) => position === place.position + 1);
  const goOn = () => setShown(following?.code ? following.position : null);
  return (
    <CaseRoom
      code={place.code}
      place={place}
      session={session}
      nextCode={following?.code ?? null}
      isLast={!following}
      onSubmitted={() => {
        if (place.is_practice) setShown(place.position);
        else goOn();
        onChanged();
      }}
      onNext={goOn}
    />
  );
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
