import type { Schemas } from "@/shared/api";

export type Scheme = Schemas["SplitRequest"]["scheme"];
export type Selection = Required<Schemas["SelectionRequest"]>;

/** What the dialog asks for: the filters, and every scheme's own fields, kept while another scheme is looked at. */
export interface Draft {
  scheme: Scheme;
  seed: number;
  validation: number;
  test: number;
  /** A test part of an exact number of cases a class instead of a share. */
  exactTest: boolean;
  testPerClass: number;
  folds: number;
  repeats: number;
  selection: Selection;
}

export const NEW_DRAFT: Draft = {
  scheme: "ratio",
  seed: 1,
  validation: 0.1,
  test: 0.1,
  exactTest: false,
  // The published test part: 12 loose and 12 well fixed.
  testPerClass: 12,
  folds: 5,
  repeats: 1,
  selection: {
    sites: [],
    sexes: [],
    sides: [],
    youngest: null,
    oldest: null,
    least_rung: "",
    follow_up_derived: true,
    one_radiograph_a_hip: true,
  },
};

/** The body of a preview; freezing adds the name and the preview's hash. */
export function bodyOf(draft: Draft): Schemas["SplitRequest"] {
  const { exactTest, testPerClass, ...rest } = draft;
  return { ...rest, test_per_class: draft.scheme === "ratio" && exactTest ? testPerClass : null };
}
