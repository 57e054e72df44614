import { CONCLUSIONS, type Findings, isGruen, QUALITIES, SIGNS, WIDTHS, type Zone, ZONES } from "./findings";

/** One question of the full form: it is answered by the number of an option. */
export interface Question {
  key: string;
  /** The group it stands in, and what its options are called by. */
  group: "image" | "zones" | "cup" | "stem";
  kind: "side" | "quality" | "width" | "sign" | "conclusion";
  zone: Zone | null;
  options: readonly string[];
  /** An answer cannot be submitted without it. */
  required: boolean;
  get: (findings: Findings) => string | null;
  set: (findings: Findings, value: string | null) => Findings;
}

const ofImage = (name: "side_shown" | "image_quality", kind: Question["kind"], options: readonly string[]): Question => ({
  key: name,
  group: "image",
  kind,
  zone: null,
  options,
  required: true,
  get: (findings) => findings[name],
  set: (findings, value) => ({ ...findings, [name]: value }),
});

const ofZone = (zone: Zone): Question => ({
  key: zone,
  group: "zones",
  kind: "width",
  zone,
  options: WIDTHS,
  required: true,
  get: ({ zones }) => zones[zone] ?? null,
  set: (findings, value) => {
    const zones = { ...findings.zones, [zone]: value };
    if (value === null) delete zones[zone];
    return { ...findings, zones };
  },
});

function ofComponent(component: "cup" | "stem", name: string): Question {
  const isConclusion = name === "conclusion";
  return {
    key: `${component}.${name}`,
    group: component,
    kind: isConclusion ? "conclusion" : "sign",
    zone: null,
    options: isConclusion ? CONCLUSIONS : SIGNS,
    required: isConclusion,
    get: (findings) => (findings[component] as Record<string, string | null>)[name] ?? null,
    set: (findings, value) => ({ ...findings, [component]: { ...findings[component], [name]: value } }),
  };
}

/** In the order in which the digits lead through them. The side comes first: the zones are mirrored by it. */
export const QUESTIONS: readonly Question[] = [
  ofImage("side_shown", "side", ["R", "L"]),
  ofImage("image_quality", "quality", QUALITIES),
  ...ZONES.map(ofZone),
  ofComponent("cup", "migration"),
  ofComponent("cup", "tilt"),
  ofComponent("cup", "conclusion"),
  ofComponent("stem", "subsidence"),
  ofComponent("stem", "tilt"),
  ofComponent("stem", "conclusion"),
];

export function questionOf(key: string): Question {
  return QUESTIONS.find((question) => question.key === key) ?? QUESTIONS[0]!;
}

export function neighbour(key: string, by: 1 | -1): string {
  const place = QUESTIONS.findIndex((question) => question.key === key) + by;
  return QUESTIONS[Math.min(QUESTIONS.length - 1, Math.max(0, place))]!.key;
}

/** What still keeps the form from being submitted, in the form's order. */
export function unanswered(findings: Findings): Question[] {
  return QUESTIONS.filter((question) => question.required && question.get(findings) === null);
}

/** Every zone that nobody has answered yet has no lucency. */
export function restWithoutLucency(findings: Findings): Findings {
  const rest = Object.fromEntries(ZONES.map((zone) => [zone, findings.zones[zone] ?? WIDTHS[0]]));
  return { ...findings, zones: rest };
}

/** What keys make of the form: the findings, and the question that is next. */
export interface Step {
  findings: Findings;
  at: string;
}

/** The option's number answers the question and leads to the next one. */
export function answered({ findings, at }: Step, option: number): Step | null {
  const question = questionOf(at);
  const value = question.options[option];
  return value === undefined ? null : { findings: question.set(findings, value), at: neighbour(at, 1) };
}

/** Left and right go through the options of one question. */
export function stepped({ findings, at }: Step, by: 1 | -1): Step {
  const question = questionOf(at);
  const now = question.options.indexOf(question.get(findings) ?? "");
  const next = now < 0 ? 0 : Math.min(question.options.length - 1, Math.max(0, now + by));
  return { findings: question.set(findings, question.options[next]!), at };
}

export function takenBack({ findings, at }: Step): Step {
  return { findings: questionOf(at).set(findings, null), at };
}

/** A click on a zone that is chosen already: the next width. */
export function cycled(findings: Findings, zone: Zone): Findings {
  const question = questionOf(zone);
  const now = question.options.indexOf(question.get(findings) ?? "");
  return question.set(findings, question.options[(now + 1) % question.options.length]!);
}

/** Endosteal scalloping is a sign of the femur: cup zones have none. */
export function scalloped(findings: Findings, zone: Zone): Findings {
  if (!isGruen(zone)) return findings;
  const has = findings.scalloping.includes(zone);
  const scalloping = has ? findings.scalloping.filter((each) => each !== zone) : [...findings.scalloping, zone].sort();
  return { ...findings, scalloping };
}
