import { describe, expect, it } from "vitest";
import { addMessages, featureText, hasMessage, textOf } from "./index";

describe("the message catalogue", () => {
  it("fills values in and writes numbers as the language does", () => {
    addMessages("en", { flow: "{left} of {all} patients" }, "messages_test");
    expect(textOf("messages_test.flow", { left: 9198, all: 15277 })).toBe("9,198 of 15,277 patients");
  });

  it("chooses the plural form by the count", () => {
    addMessages("en", { cases: { one: "{count} case", other: "{count} cases" } }, "messages_test");
    const t = featureText<"cases">("messages_test");
    expect([t("cases", { count: 1 }), t("cases", { count: 0 })]).toEqual(["1 case", "0 cases"]);
  });

  it("shows the key of a text that nobody wrote", () => {
    expect(hasMessage("messages_test.missing")).toBe(false);
    expect(textOf("messages_test.missing")).toBe("messages_test.missing");
  });
});
