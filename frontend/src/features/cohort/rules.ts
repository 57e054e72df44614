/** The rules as the server keeps them; whatever is missing is shown as missing. */
export interface RulesInWords {
  primary: string;
  revision: string;
  modifiers: string;
  right: string;
  left: string;
  before: number;
  after: number;
  secondRight: string;
  secondLeft: string;
  secondEither: string;
  cementless: boolean;
  followUpDays: number;
  expected: readonly (readonly [step: string, patients: number])[];
}

const STEPS = ["registry", "revised", "coded", "confirmed"];

type Data = Record<string, unknown>;

function at(data: Data, ...path: string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Data | undefined)?.[name], data);
}

export function readRules(data: Data): RulesInWords {
  const codes = (...path: string[]) => ((at(data, ...path) as string[] | undefined) ?? []).join(", ") || "–";
  const days = (...path: string[]) => Number(at(data, ...path) ?? 0);
  return {
    primary: codes("primary", "cpt"),
    revision: codes("revision", "cpt"),
    modifiers: codes("revision", "without_modifiers"),
    right: codes("reason", "R"),
    left: codes("reason", "L"),
    before: days("window_days", "before"),
    after: days("window_days", "after"),
    secondRight: codes("second_reasons", "R"),
    secondLeft: codes("second_reasons", "L"),
    secondEither: codes("second_reasons", "either"),
    cementless: at(data, "cementless") !== false,
    followUpDays: days("comparison", "minimum_follow_up_days"),
    expected: STEPS.flatMap((step) => {
      const patients = at(data, "expected", step);
      return typeof patients === "number" ? [[step, patients] as const] : [];
    }),
  };
}
