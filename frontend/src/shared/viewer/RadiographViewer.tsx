import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { ErrorNotice } from "@/shared/components";
import { number, percent, t } from "@/shared/messages";
import { initialView } from "./geometry";
import { Magnifier } from "./Magnifier";
import { Marks } from "./Marks";
import { Toolbar } from "./Toolbar";
import { type Action, acted, actionOf, isTyping, keyOf, type Tool, toolOf } from "./tools";
import type { ViewerImage } from "./types";
import { useMarks } from "./useMarks";
import { usePainter } from "./usePainter";
import { usePictures } from "./usePictures";
import { usePointer } from "./usePointer";
import classes from "./viewer.module.css";
import { ViewStore } from "./viewStore";

export interface RadiographViewerProps {
  image: ViewerImage;
  /** An 8-bit picture of the default window: shown at once. */
  previewUrl: string;
  /** The same picture as HTJ2K in full depth: every window comes from it. */
  fullDepthUrl: string;
  /** Of the whole viewer; it fills its parent otherwise. */
  height?: number | string;
  /** Whether the viewer's keys work wherever the focus is on the page. */
  keyboard?: boolean;
}

/** A radiograph with its tools. Another picture begins anew: nothing that was set carries over to it. */
export function RadiographViewer(props: RadiographViewerProps) {
  return <Viewer key={props.fullDepthUrl} {...props} />;
}

function Viewer({ image, previewUrl, fullDepthUrl, height = "100%", keyboard = true }: RadiographViewerProps) {
  const [store] = useState(() => new ViewStore(image));
  const [tool, setTool] = useState<Tool>("window");
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const lens = useRef<HTMLCanvasElement>(null);
  const { preview, levels, problem, retry } = usePictures(previewUrl, fullDepthUrl);
  const { screen, failed, magnifyAt, toImage } = usePainter({ store, canvas, lens, preview, levels });
  const marks = useMarks();
  const [lensAt, setLensAt] = useState<{ x: number; y: number } | null>(null);
  const showLens = useCallback(
    (at: { x: number; y: number } | null) => {
      setLensAt(at);
      magnifyAt(at);
    },
    [magnifyAt],
  );
  const { grab, ...pointer } = usePointer({ stage, store, tool, marks, toImage, magnifyAt: showLens });
  const act = useCallback(
    (action: Action) => {
      if (action === "reset") marks.clear();
      store.set((view) => acted(action, view, store.image, initialView(store.image)));
    },
    [store, marks],
  );
  useViewerKeys(keyboard, act, setTool, marks);
  const used = tool === "magnifier" ? lensAt : null;
  return (
    <div className={classes.viewer} style={{ height }}>
      <Toolbar tool={tool} onTool={setTool} onAction={act} store={store} />
      <div
        ref={stage}
        className={classes.stage}
        data-tool={tool}
        role="img"
        aria-label={t("viewer.label")}
        {...pointer}
        onPointerCancel={pointer.onPointerUp}
        onDoubleClick={() => act("fit")}
        onContextMenu={(event) => event.preventDefault()}
      >
        <canvas ref={canvas} className={classes.canvas} data-shown="nothing" />
        <Marks
          store={store}
          screen={screen}
          marks={marks.marks}
          chosen={marks.chosen}
          editable={tool === "length"}
          onGrab={grab}
        />
        <Magnifier ref={lens} at={levels ? used : null} />
      </div>
      <Readout store={store} waiting={levels === null && !problem} />
      {Boolean(problem) && (
        <div className={classes.problem}>
          <ErrorNotice
            error={problem}
            title={preview ? t("viewer.preview_only") : t("viewer.no_picture")}
            onRetry={retry}
          />
        </div>
      )}
      {failed && (
        <div className={classes.problem} role="alert">
          {t("viewer.draw_problem")}
        </div>
      )}
    </div>
  );
}

function useViewerKeys(
  enabled: boolean,
  act: (action: Action) => void,
  setTool: (change: (now: Tool) => Tool) => void,
  marks: ReturnType<typeof useMarks>,
): void {
  const latest = useRef(marks);
  useEffect(() => {
    latest.current = marks;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.altKey || document.querySelector("[role=dialog]")) return;
      const key = keyOf(event);
      const [action, chosenTool] = [actionOf(key), toolOf(key)];
      const { chosen, remove, undo } = latest.current;
      if (action) act(action);
      // The magnifier's key takes it and puts it away.
      else if (chosenTool) setTool((now) => (now === chosenTool && chosenTool === "magnifier" ? "window" : chosenTool));
      else if (key === "ctrl+z") undo();
      else if (key === "delete" && chosen !== null) remove(chosen);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [enabled, act, setTool]);
}

function Readout({ store, waiting }: { store: ViewStore; waiting: boolean }) {
  const view = useSyncExternalStore(store.subscribe, store.get);
  const window = useMemo(
    () => t("viewer.readout", { center: number(view.center), width: number(view.width) }),
    [view.center, view.width],
  );
  return (
    <div className={classes.readout}>
      <span title={t("viewer.readout_about")}>{window}</span>
      <span>{percent(view.zoom)}</span>
      {waiting && <span role="status">{t("viewer.loading")}</span>}
    </div>
  );
}
