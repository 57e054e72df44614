import type { Schemas } from "@/shared/api";

export type Field = Schemas["ConfigurationField"];
export type Values = Readonly<Record<string, string>>;

/** As a person writes it: 1e-5, 0.3, 16. */
export function asText(value: unknown): string {
  if (typeof value !== "number") return value == null ? "" : String(value);
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential().replace("e-0", "e-");
  return String(value);
}

/** Equal in what they mean: 1e-5 and 0.00001 are. */
export function isSame(written: string, value: unknown): boolean {
  if (written.trim() === asText(value)) return true;
  return typeof value === "number" && written.trim() !== "" && Number(written) === value;
}

/** The backbone is chosen on cards, everything else in the form. */
export const formFields = (fields: readonly Field[]): Field[] => fields.filter(({ name }) => name !== "backbone");

export function presetValues(fields: readonly Field[], preset: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(formFields(fields).map(({ name, default: usual }) => [name, asText(preset[name] ?? usual)]));
}

/** What the server is told: only what differs from the preset, numbers as numbers, nonsense as it was written. */
export function overridesOf(values: Values, preset: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const changed = Object.entries(values).filter(([name, written]) => !isSame(written, preset[name]));
  return Object.fromEntries(changed.map(([name, written]) => [name, typed(written, preset[name])]));
}

function typed(written: string, like: unknown): string | number {
  const text = written.trim();
  return typeof like === "number" && text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

const GROUPS = {
  network: ["weights", "image_size", "pixel_depth", "preprocessing", "trainable", "pooling", "head_units", "dropout", "batch_norm_momentum"],
  optimisation: ["optimizer", "learning_rate", "schedule", "warm_up_epochs", "epochs", "batch_size", "loss", "label_smoothing", "weight_decay"],
  augmentation: ["mirror", "flip", "magnification", "brightness", "position", "orientation"],
  phases: ["head_epochs", "head_learning_rate", "unfrozen", "batch_norm", "ema", "patience"],
  reproducibility: ["seed", "threads", "threshold_rule", "calibration"],
} as const;

export type Group = keyof typeof GROUPS | "other";

/** Fields by subject; one that is new to the page stands at the end and is not lost. */
export function grouped(fields: readonly Field[]): { group: Group; fields: Field[] }[] {
  const form = formFields(fields);
  const known = new Set<string>(Object.values(GROUPS).flat());
  const groups = Object.entries(GROUPS).map(([group, names]) => ({
    group: group as Group,
    fields: names.flatMap((name) => form.filter((field) => field.name === name)),
  }));
  const other = form.filter(({ name }) => !known.has(name));
  return [...groups, { group: "other" as const, fields: other }].filter((entry) => entry.fields.length > 0);
}

/** What has to change beside the weights when nothing is pretrained: a frozen layer would stay as random as it began. */
export const FROM_SCRATCH: Values = { weights: "none", batch_norm_momentum: "0.9", head_epochs: "0", unfrozen: "1", batch_norm: "learn" };

/** "1e-5, 1e-4" as a list, "1e-5 to 1e-3" as a range; what is no number stays as it was written. */
export function searched(written: string): (string | number)[] | { low: string | number; high: string | number } {
  const range = /^\s*(\S+)\s+to\s+(\S+)\s*$/.exec(written);
  if (range) return { low: plain(range[1] ?? ""), high: plain(range[2] ?? "") };
  return written.split(",").map((part) => part.trim()).filter(Boolean).map(plain);
}

const plain = (text: string): string | number => (Number.isFinite(Number(text)) ? Number(text) : text);
