/** A message: a text with {values}, or one text for each plural form of {count}. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<string, Message>;
export type Values = Record<string, string | number>;

const STORED = "lucency.language";
const english: Catalogue = {};
const chosen: Catalogue = {};
let current = "en";

/** Adds messages, under a prefix for those of a feature. Next steps are known by the server's keys: without one. */
export function addMessages(language: string, messages: Catalogue, prefix = ""): void {
  const target = language === "en" ? english : chosen;
  for (const [key, message] of Object.entries(messages)) {
    target[prefix && !key.startsWith("next_steps.") ? `${prefix}.${key}` : key] = message;
  }
}

export function setLanguage(language: string): void {
  current = language;
  document.documentElement.lang = language;
}

export const language = (): string => current;

export function storedLanguage(available: readonly string[]): string {
  const wanted = localStorage.getItem(STORED) ?? navigator.language.split("-")[0] ?? "en";
  return available.includes(wanted) ? wanted : "en";
}

/** Remembered, and in force after the page has loaded again: no text on it is then of the other language. */
export function chooseLanguage(wanted: string): void {
  localStorage.setItem(STORED, wanted);
  window.location.reload();
}

export function hasMessage(key: string): boolean {
  return key in chosen || key in english;
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(current).format(value) : value;
  });
}

/** The text of any key, prefix included. A key that nobody wrote shows itself: the tests look for those. */
export function textOf(key: string, values: Values = {}): string {
  const message = chosen[key] ?? english[key];
  if (message === undefined) return key;
  if (typeof message === "string") return filled(message, values);
  const form = new Intl.PluralRules(current).select(Number(values.count ?? 0));
  return filled(message[form] ?? message.other ?? key, values);
}

/** The `t` of one feature, typed by its own English catalogue: `featureText<keyof typeof messages>("cohort")`. */
export function featureText<Key extends string>(feature: string): (key: Key, values?: Values) => string {
  return (key, values) => textOf(`${feature}.${key}`, values);
}
