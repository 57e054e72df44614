import { useCallback, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { ErrorNotice } from "@/shared/components";
import { number, percent, t } from "@/shared/messages";
import { initialView } from "./geometry";
import { keptWindow } from "./keptWindow";
import { Magnifier } from "./Magnifier";
import { Marks } from "./Marks";
import { MarkStore } from "./markStore";
import { fullDepths } from "./pictureStore";
import { autoWindow } from "./presets";
import { Toolbar } from "./Toolbar";
import { type Action, acted, isMarkTool, type StageAction, type Tool } from "./tools";
import type { Point, ViewerImage } from "./types";
import { usePainter } from "./usePainter";
import { usePictures } from "./usePictures";
import { usePointer } from "./usePointer";
import { useViewerKeys } from "./useViewerKeys";
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
  /** The marks of this picture, where somebody outside keeps them. */
  marks?: MarkStore;
}

/** A radiograph with its tools. Another picture begins anew; only its window is carried over, if the reader wants that. */
export function RadiographViewer(props: RadiographViewerProps) {
  const { image, previewUrl, fullDepthUrl, height = "100%", keyboard = true } = props;
  const { store, marks: own } = useStores(image, fullDepthUrl);
  const marks = props.marks ?? own;
  const { tool, setTool } = useTool(store, marks);
  const act = useCallback(
    (action: Action) => {
      if (action === "reset") marks.clearMeasures();
      if (isForStage(action)) actOnStage(action, store, marks, fullDepthUrl);
      else store.set((view) => acted(action, view, store.image, initialView(store.image)));
    },
    [store, marks, fullDepthUrl],
  );
  const [aims, setAims] = useState(false);
  const place = useCallback(() => {
    if (!isMarkTool(tool)) return;
    setAims(true);
    marks.place(tool, store.toImage({ x: store.screen.width / 2, y: store.screen.height / 2 }));
  }, [store, marks, tool]);
  useViewerKeys({ enabled: keyboard, act, setTool, place: isMarkTool(tool) ? place : null, marks });
  return (
    <div className={classes.viewer} style={{ height }}>
      <Toolbar tool={tool} takesFindings={marks.takesFindings} onTool={setTool} onAction={act} store={store} />
      <Stage
        key={fullDepthUrl}
        store={store}
        tool={tool}
        marks={marks}
        aims={aims && isMarkTool(tool)}
        previewUrl={previewUrl}
        fullDepthUrl={fullDepthUrl}
        onFit={() => act("fit")}
      />
    </div>
  );
}

const isForStage = (action: Action): action is StageAction =>
  action === "auto" || action === "undo" || action === "keep_window";

function actOnStage(action: StageAction, store: ViewStore, marks: MarkStore, fullDepthUrl: string): void {
  if (action === "undo") marks.undo();
  else if (action === "keep_window") keptWindow.toggle(store.image, store.get());
  else {
    const levels = fullDepths.peek(fullDepthUrl);
    if (levels) store.set((view) => ({ ...view, ...autoWindow(store.image, view, store.screen, levels) }));
  }
}

/** One view and one set of marks for each picture; the tools around it stay where they are. */
function useStores(image: ViewerImage, address: string): { store: ViewStore; marks: MarkStore } {
  const made = () => ({ address, store: new ViewStore(image), marks: new MarkStore() });
  const [current, setCurrent] = useState(made);
  if (current.address === address) return current;
  const next = made();
  setCurrent(next);
  return next;
}

function useTool(store: ViewStore, marks: MarkStore) {
  const [chosen, setChosen] = useState<{ of: ViewStore; tool: Tool }>();
  const tool = chosen?.of === store ? chosen.tool : "window";
  const setTool = useCallback(
    (next: Tool) => {
      marks.finish();
      // The magnifier's key takes it and puts it away.
      setChosen((now) => {
        const putAway = next === "magnifier" && now?.of === store && now.tool === "magnifier";
        return { of: store, tool: putAway ? "window" : next };
      });
    },
    [store, marks],
  );
  return { tool, setTool };
}

interface StageProps {
  store: ViewStore;
  tool: Tool;
  marks: MarkStore;
  /** Marks are set by keyboard: in the middle of the picture. */
  aims: boolean;
  previewUrl: string;
  fullDepthUrl: string;
  onFit: () => void;
}

function Stage({ store, tool, marks, aims, previewUrl, fullDepthUrl, onFit }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const lens = useRef<HTMLCanvasElement>(null);
  const { preview, levels, problem, retry } = usePictures(previewUrl, fullDepthUrl);
  const { screen, failed, magnifyAt } = usePainter({ store, canvas, lens, preview, levels });
  const [lensAt, setLensAt] = useState<Point | null>(null);
  const showLens = useCallback(
    (at: Point | null) => {
      setLensAt(at);
      magnifyAt(at);
    },
    [magnifyAt],
  );
  const { grab, ...pointer } = usePointer({ stage, store, tool, marks, magnifyAt: showLens });
  const used = tool === "magnifier" ? lensAt : null;
  return (
    <>
      <div
        ref={stage}
        className={classes.stage}
        data-tool={isMarkTool(tool) ? "mark" : tool}
        role="img"
        aria-label={t("viewer.label")}
        {...pointer}
        onPointerCancel={pointer.onPointerUp}
        onDoubleClick={onFit}
        onContextMenu={(event) => event.preventDefault()}
      >
        <canvas ref={canvas} className={classes.canvas} data-shown="nothing" />
        <Marks store={store} marks={marks} screen={screen} editable={isMarkTool(tool)} onGrab={grab} />
        {aims && <span className={classes.aim} />}
        <Magnifier ref={lens} at={levels ? used : null} />
      </div>
      <Readout store={store} waiting={levels === null && !problem} />
      <Problems problem={problem} hasPreview={preview !== null} failed={failed} onRetry={retry} />
    </>
  );
}

interface ProblemsProps {
  problem: unknown;
  hasPreview: boolean;
  failed: boolean;
  onRetry: () => void;
}

function Problems({ problem, hasPreview, failed, onRetry }: ProblemsProps) {
  return (
    <>
      {Boolean(problem) && (
        <div className={classes.problem}>
          <ErrorNotice
            error={problem}
            title={hasPreview ? t("viewer.preview_only") : t("viewer.no_picture")}
            onRetry={onRetry}
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
