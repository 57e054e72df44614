import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import {
  IconAngle,
  IconArrowBackUp,
  IconArrowsMove,
  IconBrightness,
  IconBrightnessAuto,
  IconContrast2,
  IconFlipVertical,
  IconLine,
  IconLock,
  IconMapPin,
  IconMaximize,
  IconMinus,
  IconPlus,
  IconPolygon,
  IconRefresh,
  IconRotate2,
  IconRotateClockwise2,
  IconRuler2,
  IconSearch,
} from "@tabler/icons-react";
import { type ComponentType, memo, useSyncExternalStore } from "react";
import { type SharedKey, t } from "@/shared/messages";
import { keptWindow } from "./keptWindow";
import type { Action, Tool } from "./tools";
import type { ViewStore } from "./viewStore";
import classes from "./viewer.module.css";

type Icon = ComponentType<{ size?: number; stroke?: number }>;

const TOOLS: readonly [Tool, SharedKey, string, Icon][] = [
  ["window", "viewer.tool_window", "B", IconBrightness],
  ["pan", "viewer.tool_pan", "P", IconArrowsMove],
  ["magnifier", "viewer.tool_magnifier", "G", IconSearch],
  ["length", "viewer.tool_length", "M", IconRuler2],
  ["angle", "viewer.tool_angle", "A", IconAngle],
];

const FINDING_TOOLS: readonly [Tool, SharedKey, string, Icon][] = [
  ["point", "viewer.tool_point", "J", IconMapPin],
  ["line", "viewer.tool_line", "L", IconLine],
  ["outline", "viewer.tool_outline", "O", IconPolygon],
];

const PRESETS: readonly [Action, SharedKey, string][] = [
  ["default", "viewer.preset_default", "D"],
  ["bone", "viewer.preset_bone", "T"],
  ["metal", "viewer.preset_metal", "E"],
  ["auto", "viewer.preset_auto", "U"],
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

type Look = Pick<ButtonProps, "label" | "shortcut" | "Icon">;
const UNDO: Look = { label: "viewer.undo", shortcut: "Ctrl Z", Icon: IconArrowBackUp };
const KEEP_WINDOW: Look = { label: "viewer.keep_window", shortcut: "K", Icon: IconLock };

interface ToolbarProps {
  tool: Tool;
  takesFindings: boolean;
  onTool: (tool: Tool) => void;
  onAction: (action: Action) => void;
  store: ViewStore;
}

/** Narrow, at the picture's left edge; every button names its key. */
export const Toolbar = memo(function Toolbar({ tool, takesFindings, onTool, onAction, store }: ToolbarProps) {
  const inverted = useSyncExternalStore(store.subscribe, () => store.get().inverted);
  const flipped = useSyncExternalStore(store.subscribe, () => store.get().flipped);
  const keeps = useSyncExternalStore(keptWindow.subscribe, keptWindow.isOn);
  const pressed: Partial<Record<Action, boolean>> = { invert: inverted, flip: flipped };
  const tools = takesFindings ? [...TOOLS, ...FINDING_TOOLS] : TOOLS;
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t("viewer.toolbar")} aria-orientation="vertical">
      {tools.map(([name, label, key, Icon]) => (
        <Button key={name} label={label} shortcut={key} Icon={Icon} pressed={tool === name} onClick={() => onTool(name)} />
      ))}
      <Button {...UNDO} onClick={() => onAction("undo")} />
      <span className={classes.rule} />
      <Presets onAction={onAction} />
      <Button {...KEEP_WINDOW} pressed={keeps} onClick={() => onAction("keep_window")} />
      {ACTIONS.map(([name, label, key, Icon]) => (
        <Button
          key={name}
          label={label}
          shortcut={key}
          Icon={Icon}
          pressed={pressed[name]}
          onClick={() => onAction(name)}
        />
      ))}
    </div>
  );
});

function Presets({ onAction }: Pick<ToolbarProps, "onAction">) {
  return (
    <Menu position="right-start" withArrow>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={t("viewer.presets")}
          title={t("viewer.presets")}
          onMouseDown={(event) => event.preventDefault()}
        >
          <IconBrightnessAuto size={19} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {PRESETS.map(([name, label, key]) => (
          <Menu.Item key={name} rightSection={<span className="muted">{key}</span>} onClick={() => onAction(name)}>
            {t(label)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

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
        size={32}
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
