import { useEffect, useState } from "react";
import { prefetch } from "@/shared/viewer";
import { t } from "./text";
import { imageUrl } from "./useCase";
import classes from "./reading.module.css";

/** Whether the next case is there already. */
export function Ahead({ code, isLast }: { code: string | null; isLast: boolean }) {
  const [ready, setReady] = useState<string | null>(null);
  useEffect(() => {
    if (!code) return undefined;
    let current = true;
    // The same pictures that are on their way already: nothing is fetched twice.
    void prefetch(imageUrl(code, "preview"), imageUrl(code, "full_depth")).then(() => current && setReady(code));
    return () => {
      current = false;
    };
  }, [code]);
  const state = isLast ? "ahead.none" : code !== null && ready === code ? "ahead.ready" : "ahead.coming";
  return (
    <p className={classes.ahead} data-ahead={state.slice("ahead.".length)}>
      {t(state)}
    </p>
  );
}
