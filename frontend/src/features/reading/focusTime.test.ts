import { expect, it } from "vitest";
import { FocusTime } from "./focusTime";

it("counts only while the page has the focus", () => {
  let now = 0;
  const focus = new FocusTime(() => now);
  focus.set(true);
  now = 1000;
  focus.set(false);
  now = 60_000;
  focus.set(true);
  focus.set(true);
  now = 60_500;
  expect(focus.milliseconds).toBe(1500);
});
