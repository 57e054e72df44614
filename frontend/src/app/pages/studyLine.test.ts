import { describe, expect, it } from "vitest";
import { hasMessage } from "@/shared/messages";
import { features } from "../features";
import { LINE, progressOf, STAGES } from "./studyLine";

const step = (key: string, done: number, total: number) => ({
  key,
  role: "coordinator" as const,
  href: "",
  done,
  total,
  order: 0,
  is_done: total > 0 && done >= total,
});
const nothing = { steps: [], isFrozen: false, isRead: false };

describe("the line through the study", () => {
  it("counts what is left for this person, over all steps of a stage", () => {
    const steps = [step("read_notes", 2, 12), step("adjudicate_notes", 0, 2)];
    expect(progressOf("notes", { ...nothing, steps })).toEqual({ state: "yours", left: 12 });
  });

  it("is done where all steps of this person are done", () => {
    const steps = [step("read_cases", 24, 24), step("sign_session", 1, 1)];
    expect(progressOf("reads", { ...nothing, steps })).toEqual({ state: "done", left: 0 });
  });

  it("takes what leads to a frozen dataset version as done, and nothing after it", () => {
    const done = STAGES.filter((name) => progressOf(name, { ...nothing, isFrozen: true }).state === "done");
    expect(done).toEqual(["registry", "cohort", "notes", "radiographs", "dataset"]);
  });

  it("says nothing about the work of others to somebody who may not know it", () => {
    expect(STAGES.map((name) => progressOf(name, nothing).state)).toEqual(STAGES.map(() => "open"));
  });

  it("leads only to pages that are there, with a name for every stage", () => {
    const pages = features.flatMap(({ navigation }) => navigation.map(({ href }) => href));
    expect(STAGES.flatMap((name) => LINE[name].hrefs).filter((href) => !pages.includes(href))).toEqual([]);
    expect(STAGES.filter((name) => !hasMessage(`app.line.stage.${name}`))).toEqual([]);
  });
});
