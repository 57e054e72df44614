import { type RefObject, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { ErrorNotice } from "@/shared/components";
import { number, percent, t } from "@/shared/messages";
import { initialView } from "./geometry";
import { Magnifier } from "./Magnifier";
import { Marks } from "./Marks";
import { Toolbar } from "./Toolbar";
import { type Action, acted, actionOf, isTyping, keyOf, type Tool, toolOf } from "./tools";
import type { Point, ViewerImage } from "./types";
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
  const { image, previewUrl, fullDepthUrl, height = "100%", keyboard = true } = props;
  const store = useStore(image, fullDepthUrl);
  const [chosen, setChosen] = useState<{ of: ViewStore; tool: Tool }>();
  const tool = chosen?.of === store ? chosen.tool : "window";
  const setTool = useCallback(
    (next: Tool) => {
      // The magnifier's key takes it and puts it away.
      setChosen((now) => {
        const putAway = next === "magnifier" && now?.of === store && now.tool === "magnifier";
        return { of: store, tool: putAway ? "window" : next };
      });
    },
    [store],
  );
  const marks = useRef<Marked>(null);
  const act = useCallback(
    (action: Action) => {
      if (action === "reset") marks.current?.clear();
      store.set((view) => acted(action, view, store.image, initialView(store.image)));
    },
    [store],
  );
  useViewerKeys(keyboard, act, setTool, marks);
  return (
    <div className={classes.viewer} style={{ height }}>
      <Toolbar tool={tool} onTool={setTool} onAction={act} store={store} />
      <Stage
        key={fullDepthUrl}
        store={store}
        tool={tool}
        marked={marks}
        previewUrl={previewUrl}
        fullDepthUrl={fullDepthUrl}
        onFit={() => act("fit")}
      />
    </div>
  );
}

type Marked = ReturnType<typeof useMarks>;

/** One view for each picture; the tools around it stay where they are. */
function useStore(image: ViewerImage, address: string): ViewStore {
  const [current, setCurrent] = useState(() => ({ address, store: new ViewStore(image) }));
  if (current.address === address) return current.store;
  const next = { address, store: new ViewStore(image) };
  setCurrent(next);
  return next.store;
}

interface StageProps {
  store: ViewStore;
  tool: Tool;
  marked: RefObject<Marked | null>;
  previewUrl: string;
  fullDepthUrl: string;
  onFit: () => void;
}

function Stage({ store, tool, marked, previewUrl, fullDepthUrl, onFit }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const lens = useRef<HTMLCanvasElement>(null);
  const { preview, levels, problem, retry } = usePictures(previewUrl, fullDepthUrl);
  const { screen, failed, magnifyAt, toImage } = usePainter({ store, canvas, lens, preview, levels });
  const marks = useMarks();
  useEffect(() => {
    marked.current = marks;
  });
  const [lensAt, setLensAt] = useState<Point | null>(null);
  const showLens = useCallback(
    (at: Point | null) => {
      setLensAt(at);
      magnifyAt(at);
    },
    [magnifyAt],
  );
  const { grab, ...pointer } = usePointer({ stage, store, tool, marks, toImage, magnifyAt: showLens });
  const used = tool === "magnifier" ? lensAt : null;
  return (
    <>
      <div
        ref={stage}
        className={classes.stage}
        data-tool={tool}
        role="img"
        aria-label={t("viewer.label")}
        {...pointer}
        onPointerCancel={pointer.onPointerUp}
        onDoubleClick={onFit}
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
    </>
  );
}

function useViewerKeys(
  enabled: boolean,
  act: (action: Action) => void,
  setTool: (tool: Tool) => void,
  marks: RefObject<Marked | null>,
): void {
  useEffect(() => {
    if (!enabled) return undefined;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.altKey || document.querySelector("[role=dialog]")) return;
      const key = keyOf(event);
      const [action, tool] = [actionOf(key), toolOf(key)];
      const { chosen = null, remove, undo } = marks.current ?? {};
      if (action) act(action);
      else if (tool) setTool(tool);
      else if (key === "ctrl+z") undo?.();
      else if (key === "delete" && chosen !== null) remove?.(chosen);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [enabled, act, setTool, marks]);
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
