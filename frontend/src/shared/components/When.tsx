import { useEffect, useState } from "react";
import { dateTime, relativeTime } from "@/shared/messages";

/** "3 minutes ago", kept true; the exact time is its tooltip. */
export function When({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={dateTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}
