import { ActionIcon, Tooltip } from "@mantine/core";
import {
  IconArrowsMove,
  IconBrightness,
  IconContrast2,
  IconFlipVertical,
  IconMaximize,
  IconMinus,
  IconPlus,
  IconRefresh,
  IconRotate2,
  IconRotateClockwise2,
  IconRuler2,
  IconSearch,
} from "@tabler/icons-react";
import { type ComponentType, memo, useSyncExternalStore } from "react";
import { type SharedKey, t } from "@/shared/messages";
import type { Action, Tool } from "./tools";
import type { ViewStore } from "./viewStore";
import classes from "./viewer.module.css";

type Icon = ComponentType<{ size?: number; stroke?: number }>;

const TOOLS: readonly [Tool, SharedKey, string, Icon][] = [
  ["window", "viewer.tool_window", "B", IconBrightness],
  ["pan", "viewer.tool_pan", "P", IconArrowsMove],
  ["length", "viewer.tool_length", "M", IconRuler2],
  ["magnifier", "viewer.tool_magnifier", "G", IconSearch],
];

const ACTIONS: readonly [Action, SharedKey, string, Icon][] = [
  ["invert", "viewer.invert", "I", IconContrast2],
  ["rotate_left", "viewer.rotate_left", "Shift R", IconRotate2],
  ["rotate_right", "viewer.rotate_right", "R", IconRotateClockwise2],
  ["flip", "viewer.flip", "F", IconFlipVertical],
  ["zoom_in", "viewer.zoom_in", "+", IconPlus],
  ["zoom_out", "viewer.zoom_out", "−", IconMinus],
  ["fit", "viewer.fit", "V", IconMaximize],
  ["reset", "viewer.reset", "X", IconRefresh],
];

interface ToolbarProps {
  tool: Tool;
  onTool: (tool: Tool) => void;
  onAction: (action: Action) => void;
  store: ViewStore;
}

/** Narrow, at the picture's left edge; every button names its key. */
export const Toolbar = memo(function Toolbar({ tool, onTool, onAction, store }: ToolbarProps) {
  const inverted = useSyncExternalStore(store.subscribe, () => store.get().inverted);
  const flipped = useSyncExternalStore(store.subscribe, () => store.get().flipped);
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t("viewer.toolbar")} aria-orientation="vertical">
      {TOOLS.map(([name, label, key, Icon]) => (
        <Button key={name} label={label} shortcut={key} Icon={Icon} pressed={tool === name} onClick={() => onTool(name)} />
      ))}
      <span className={classes.rule} />
      {ACTIONS.map(([name, label, key, Icon]) => (
        <Button
          key={name}
          label={label}
          shortcut={key}
          Icon={Icon}
          pressed={name === "invert" ? inverted : name === "flip" ? flipped : undefined}
          onClick={() => onAction(name)}
        />
      ))}
    </div>
  );
});

interface ButtonProps {
  label: SharedKey;
  shortcut: string;
  Icon: Icon;
  pressed?: boolean;
  onClick: () => void;
}

function Button({ label, shortcut, Icon, pressed, onClick }: ButtonProps) {
  return (
    <Tooltip label={`${t(label)} (${shortcut})`} position="right">
      <ActionIcon
        variant={pressed ? "filled" : "subtle"}
        color={pressed ? "petrol" : "gray"}
        size={34}
        aria-label={t(label)}
        aria-pressed={pressed}
        aria-keyshortcuts={shortcut.replace(" ", "+")}
        // The focus stays where answers are given.
        onMouseDown={(event) => event.preventDefault()}
        onClick={onClick}
      >
        <Icon size={19} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
