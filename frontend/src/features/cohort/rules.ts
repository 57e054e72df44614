/** The rules as a form holds them, their way to and from the server, and how two versions differ. */

export const CODE_LISTS = [
  "primary.cpt",
  "revision.cpt",
  "revision.without_modifiers",
  "reason.R",
  "reason.L",
  "second_reasons.R",
  "second_reasons.L",
  "second_reasons.either",
  "exclusion.icd10cm",
] as const;
export const SWITCHES = [
  "side_agreement",
  "only_reason",
  "cementless",
  "comparison.cementless",
  "comparison.no_complication",
] as const;
export const DAYS = [
  "window_days.before",
  "window_days.after",
  "since_primary_days.minimum",
  "since_primary_days.maximum",
  "comparison.minimum_follow_up_days",
] as const;
export const EXPECTED = ["registry", "revised", "coded", "confirmed", "eligible", "drawn"] as const;

export type CodeList = (typeof CODE_LISTS)[number];
export type Switch = (typeof SWITCHES)[number];
export type Days = (typeof DAYS)[number];
export type ExpectedStep = (typeof EXPECTED)[number];
export type RuleField = CodeList | Switch | Days | `expected.${ExpectedStep}`;

export interface RulesForm {
  codes: Record<CodeList, string[]>;
  switches: Record<Switch, boolean>;
  /** null where nothing is stated: no longest interval, no expected count. */
  days: Record<Days, number | null>;
  expected: Record<ExpectedStep, number | null>;
}

export type Data = Record<string, unknown>;

function at(data: Data, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Data | null | undefined)?.[name], data);
}

function record<Key extends string, Value>(keys: readonly Key[], value: (key: Key) => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<Key, Value>;
}

const numberOrNull = (value: unknown): number | null => (typeof value === "number" ? value : null);

export function formOf(data: Data): RulesForm {
  return {
    codes: record(CODE_LISTS, (path) => ((at(data, path) as string[] | undefined) ?? []).map(String)),
    switches: record(SWITCHES, (path) => at(data, path) !== false),
    days: record(DAYS, (path) => numberOrNull(at(data, path))),
    expected: record(EXPECTED, (step) => numberOrNull(at(data, `expected.${step}`))),
  };
}

/** What is sent: every field, so that nothing depends on what an older version left out. */
export function dataOf(form: RulesForm): Data {
  const data: Data = {};
  const put = (path: string, value: unknown) => {
    const names = path.split(".");
    const last = names.pop()!;
    const place = names.reduce<Data>((inside, name) => (inside[name] ??= {}) as Data, data);
    place[last] = value;
  };
  for (const path of CODE_LISTS) put(path, form.codes[path]);
  for (const path of SWITCHES) put(path, form.switches[path]);
  for (const path of DAYS) put(path, form.days[path]);
  data.expected = Object.fromEntries(Object.entries(form.expected).filter(([, count]) => count !== null));
  return data;
}

/** As people type them: capitals, no blanks. */
export const tidyCodes = (codes: readonly string[]): string[] => [
  ...new Set(codes.map((code) => code.toUpperCase().replaceAll(/\s/g, "")).filter(Boolean)),
];

export interface Difference {
  field: RuleField;
  /** Of lists. */
  added: readonly string[];
  removed: readonly string[];
  /** Of everything else. */
  before: boolean | number | null;
  after: boolean | number | null;
}

const EMPTY = { added: [], removed: [], before: null, after: null };

/** What the later rules say otherwise, field by field, in the order of the form. The order of codes is no difference. */
export function differences(earlier: RulesForm, later: RulesForm): Difference[] {
  const found: Difference[] = [];
  for (const field of CODE_LISTS) {
    const added = later.codes[field].filter((code) => !earlier.codes[field].includes(code));
    const removed = earlier.codes[field].filter((code) => !later.codes[field].includes(code));
    if (added.length + removed.length > 0) found.push({ ...EMPTY, field, added, removed });
  }
  const compare = (field: RuleField, before: boolean | number | null, after: boolean | number | null) => {
    if (before !== after) found.push({ ...EMPTY, field, before, after });
  };
  for (const field of SWITCHES) compare(field, earlier.switches[field], later.switches[field]);
  for (const field of DAYS) compare(field, earlier.days[field], later.days[field]);
  for (const step of EXPECTED) compare(`expected.${step}`, earlier.expected[step], later.expected[step]);
  return found;
}
