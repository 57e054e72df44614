import { useEffect } from "react";
import { client, type Schemas } from "@/shared/api";
import type { Session } from "./calls";
import { storedCheck } from "./monitor";

/** A window that is dragged larger is one report, when it stands still. */
const AFTER_RESIZE = 2000;

function display(): Schemas["DisplayRequest"] {
  const check = storedCheck();
  return {
    viewport_width: window.innerWidth,
    viewport_height: window.innerHeight,
    pixel_ratio: Math.round(window.devicePixelRatio * 100) / 100,
    checked_at: check?.checked_at ?? null,
    sees_dark: check?.sees_dark ?? null,
    sees_bright: check?.sees_bright ?? null,
    pixels_per_millimetre: check?.pixels_per_millimetre ?? null,
  };
}

/** Tells the server once, and again when it changes, on what an open session is read. */
export function useDisplayReport({ id, state, instructions_accepted: accepted }: Session): void {
  const reads = state === "open" && accepted;
  useEffect(() => {
    if (!reads) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const report = () => {
      const body = display();
      const key = `lucency.display.${id}`;
      const told = JSON.stringify(body);
      if (sessionStorage.getItem(key) === told) return;
      client.POST("/api/v1/reading/sessions/{session_id}/display", { params: { path: { session_id: id } }, body }).then(
        () => sessionStorage.setItem(key, told),
        // Reading does not wait for it; the next change of the window, or the next visit, tells it.
        () => undefined,
      );
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(report, AFTER_RESIZE);
    };
    report();
    window.addEventListener("resize", later);
    window.addEventListener("online", later);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("resize", later);
      window.removeEventListener("online", later);
    };
  }, [id, reads]);
}
