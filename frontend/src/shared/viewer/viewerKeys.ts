import type { KeyGroup } from "@/shared/components";
import { t } from "@/shared/messages";

/** The viewer's part of the help that `?` opens. */
export function viewerKeys(): KeyGroup {
  return {
    title: t("viewer.keys"),
    keys: [
      { keys: ["B"], does: t("viewer.tool_window") },
      { keys: ["P"], does: t("viewer.tool_pan") },
      { keys: ["M", "A"], does: t("viewer.measure_keys") },
      { keys: ["G"], does: t("viewer.tool_magnifier") },
      { keys: ["D", "T", "E"], does: t("viewer.preset_keys") },
      { keys: ["U"], does: t("viewer.preset_auto") },
      { keys: ["K"], does: t("viewer.keep_window") },
      { keys: ["I"], does: t("viewer.invert") },
      { keys: ["R", "Shift R"], does: t("viewer.rotate") },
      { keys: ["F"], does: t("viewer.flip") },
      { keys: ["+", "−"], does: t("viewer.zoom_keys") },
      { keys: ["V"], does: t("viewer.fit") },
      { keys: ["X"], does: t("viewer.reset") },
      { keys: ["Shift ← → ↑ ↓"], does: t("viewer.window_keys") },
      { keys: ["Ctrl ← → ↑ ↓"], does: t("viewer.pan_keys") },
      { keys: ["Space"], does: t("viewer.place_keys") },
      { keys: ["Del", "Ctrl Z"], does: t("viewer.mark_keys") },
    ],
  };
}

/** Findings are drawn on the picture too. */
export function findingKeys(): KeyGroup["keys"] {
  return [
    { keys: ["J"], does: t("viewer.tool_point") },
    { keys: ["L"], does: t("viewer.tool_line") },
    { keys: ["O"], does: t("viewer.tool_outline") },
  ];
}
