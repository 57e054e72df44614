import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasMessage } from "@/shared/messages";
import { features, navigationFor } from "./features";

/** Files of the back end in which next steps are named. */
function nextStepKeys(): string[] {
  const sources = ["../platform", "../annotations", "../mlworker"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter((path) => path.endsWith("next_steps.py") && statSync(path).isFile()),
  );
  return sources.flatMap((path) => [...readFileSync(path, "utf8").matchAll(/NextStep\(\s*"(\w+)"/g)].map(([, key]) => key!));
}

describe("the features", () => {
  it("name every entry of the navigation in the catalogue", () => {
    const labels = features.flatMap(({ navigation }) => navigation.map(({ label }) => label));
    expect(labels.filter((label) => !hasMessage(label))).toEqual([]);
  });

  it("give every entry an address of its own", () => {
    const addresses = features.flatMap(({ navigation }) => navigation.map(({ href }) => href));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it("show a surgeon nothing but the reading and its consensus", () => {
    expect(navigationFor(["surgeon"]).map(({ href }) => href)).toEqual(["reading", "consensus"]);
  });

  it("have a text for every step that the server may call next", () => {
    const keys = nextStepKeys();
    expect(keys.length).toBeGreaterThan(0);
    const lacking = keys.filter((key) => !hasMessage(`next_steps.${key}.title`) || !hasMessage(`next_steps.${key}.detail`));
    expect(lacking).toEqual([]);
  });
});
