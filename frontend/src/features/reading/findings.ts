import type { Schemas } from "@/shared/api";
import type { FindingKind } from "@/shared/viewer";

export const GRUEN = ["G1", "G2", "G3", "G4", "G5", "G6", "G7"] as const;
export const DELEE_CHARNLEY = ["D1", "D2", "D3"] as const;
export const ZONES = [...DELEE_CHARNLEY, ...GRUEN] as const;
export type GruenZone = (typeof GRUEN)[number];
export type Zone = (typeof ZONES)[number];
export const isGruen = (zone: string): zone is GruenZone => (GRUEN as readonly string[]).includes(zone);

export const WIDTHS = ["none", "under_1_mm", "from_1_to_2_mm", "over_2_mm", "not_visible"] as const;
export type Width = (typeof WIDTHS)[number];
export const SIGNS = ["absent", "possible", "definite"] as const;
export type Sign = (typeof SIGNS)[number];
export const QUALITIES = ["good", "adequate", "poor"] as const;
/** Worst first: the order is the scale. */
export const CONCLUSIONS = [
  "definitely_loose",
  "probably_loose",
  "possibly_loose",
  "possibly_well_fixed",
  "probably_well_fixed",
  "definitely_well_fixed",
  "cannot_assess",
] as const satisfies readonly Schemas["ComponentConclusion"][];
export type Conclusion = (typeof CONCLUSIONS)[number];

/** The full form, whole: what nobody has answered is null. */
export interface Findings {
  side_shown: "R" | "L" | null;
  image_quality: (typeof QUALITIES)[number] | null;
  zones: Partial<Record<Zone, Width>>;
  scalloping: readonly GruenZone[];
  cup: { conclusion: Conclusion | null; migration: Sign | null; tilt: Sign | null };
  stem: { conclusion: Conclusion | null; subsidence: Sign | null; tilt: Sign | null };
  marks: readonly FoundMark[];
}

export interface FoundMark {
  zone: Zone;
  kind: FindingKind;
  points: number[][];
}

export const NO_FINDINGS: Findings = {
  side_shown: null,
  image_quality: null,
  zones: {},
  scalloping: [],
  cup: { conclusion: null, migration: null, tilt: null },
  stem: { conclusion: null, subsidence: null, tilt: null },
  marks: [],
};

/** What the server keeps, with every part that it left out. */
export function findingsOf(told: Schemas["Findings"] | null | undefined): Findings {
  return {
    ...NO_FINDINGS,
    ...told,
    cup: { ...NO_FINDINGS.cup, ...told?.cup },
    stem: { ...NO_FINDINGS.stem, ...told?.stem },
  } as Findings;
}

export interface CaseCall {
  call: Schemas["Call"];
  conclusion: Conclusion | null;
}

/**
 * What the form says of the case, which is its worse component: a loose one makes the case loose; else one that cannot
 * be assessed leaves it open. Null until both components have a conclusion, unless one is loose already.
 */
export function caseCall({ cup, stem }: Findings): CaseCall | null {
  const said = [cup.conclusion, stem.conclusion];
  const worst = CONCLUSIONS.find((conclusion) => said.includes(conclusion));
  if (worst?.endsWith("_loose")) return { call: "loose", conclusion: worst };
  if (said.includes(null) || !worst) return null;
  if (said.includes("cannot_assess")) return { call: "cannot_assess", conclusion: null };
  return { call: "well_fixed", conclusion: worst };
}
