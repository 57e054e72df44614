import type { Schemas } from "@/shared/api";
import type { Protocol } from "./progress";

export type Settings = Required<Schemas["SettingsRequest"]>;

export const SHORTEST_WASHOUT = 14;

export const NEW: Settings = {
  title: "",
  instructions: "",
  dataset_version: 0,
  part: "test",
  practice_version: null,
  form: "quick",
  navigation: "forward",
  feedback: "practice",
  sessions_per_reader: 1,
  washout_days: 28,
  repeated_percent: 0,
  batch_size: 25,
  cannot_assess_counts_wrong: true,
  analysed_version: "first",
  consensus_wanted: false,
  readers: [],
};

/** The settings of a draft as the form changes them. */
export function settingsOf(protocol: Protocol): Settings {
  const kept = Object.keys(NEW).filter((name) => name !== "readers") as (keyof Omit<Settings, "readers">)[];
  const settings = Object.fromEntries(kept.map((name) => [name, protocol[name]]));
  return { ...NEW, ...settings, readers: protocol.assigned.map(({ id }) => id) };
}

/** What an amendment may change, of a frozen protocol. */
export const AMENDABLE = [
  "instructions",
  "feedback",
  "sessions_per_reader",
  "washout_days",
  "batch_size",
  "cannot_assess_counts_wrong",
  "analysed_version",
  "consensus_wanted",
] as const;

export type Amendable = Pick<Settings, (typeof AMENDABLE)[number]>;

/** Only what is different from the protocol as it stands. */
export function changesOf(protocol: Protocol, wanted: Amendable): Partial<Amendable> {
  return Object.fromEntries(AMENDABLE.filter((name) => protocol[name] !== wanted[name]).map((name) => [name, wanted[name]]));
}

export const isComplete = ({ title, dataset_version }: Settings): boolean => title.trim() !== "" && dataset_version > 0;
