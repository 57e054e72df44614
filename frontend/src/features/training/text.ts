import { featureText, hasMessage, textOf } from "@/shared/messages";
import type messages from "./messages.en.json";

export const t = featureText<keyof typeof messages>("training");

/** The name of a hyper-parameter in words; one that the catalogue does not know keeps its own. */
export function fieldLabel(name: string): string {
  const key = `training.field.${name}`;
  return hasMessage(key) ? textOf(key) : name.replaceAll("_", " ");
}

export function presetTitle(name: string): string {
  const key = `training.preset.${name}`;
  return hasMessage(key) ? textOf(key) : name;
}

export function presetAbout(name: string): string {
  const key = `training.preset_about.${name}`;
  return hasMessage(key) ? textOf(key) : "";
}
