import { useCallback, useEffect, useState } from "react";
import { fullDepths, previews } from "./pictureStore";
import type { Levels } from "./types";

export interface Pictures {
  preview: ImageBitmap | null;
  levels: Levels | null;
  /** Why the full depth, or even the preview, did not come. */
  problem: unknown;
  retry: () => void;
}

/** The preview as soon as it is there, then the full depth. */
export function usePictures(previewUrl: string, fullDepthUrl: string): Pictures {
  const [state, setState] = useState<Omit<Pictures, "retry"> & { of: string }>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    const change = (values: Partial<Omit<Pictures, "retry">>) => {
      if (!current) return;
      setState((before) => {
        const base = before?.of === fullDepthUrl ? before : { preview: null, levels: null, problem: null };
        return { ...base, ...values, of: fullDepthUrl };
      });
    };
    change({ problem: null });
    previews.get(previewUrl).then(
      (preview) => change({ preview }),
      (problem: unknown) => change({ problem }),
    );
    fullDepths.get(fullDepthUrl).then(
      (levels) => change({ levels, problem: null }),
      (problem: unknown) => change({ problem }),
    );
    return () => {
      current = false;
    };
  }, [previewUrl, fullDepthUrl, attempt]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const fresh = state?.of === fullDepthUrl ? state : undefined;
  return {
    // What was fetched ahead is there with the first rendering.
    preview: fresh?.preview ?? previews.peek(previewUrl),
    levels: fresh?.levels ?? fullDepths.peek(fullDepthUrl),
    problem: fresh?.problem ?? null,
    retry,
  };
}
