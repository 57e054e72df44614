import { DELEE_CHARNLEY, GRUEN } from "./findings";
import { answered, neighbour, questionOf, restWithoutLucency, scalloped, type Step, stepped, takenBack } from "./questions";

/** Shift and a digit lead to a zone, whatever the keyboard writes then: 1 to 7 are Gruen's, 8, 9, 0 DeLee and Charnley's. */
const ZONE_KEYS: Record<string, string> = Object.fromEntries([
  ...GRUEN.map((zone, index) => [`Digit${index + 1}`, zone]),
  ...DELEE_CHARNLEY.map((zone, index) => [`Digit${(8 + index) % 10}`, zone]),
]) as Record<string, string>;

/** The full form's keys: a digit is an option of the question that is marked, arrows go through questions and options. */
export function fullKey(key: string, event: Pick<KeyboardEvent, "code" | "shiftKey">, step: Step): Step | null {
  const zone = event.shiftKey ? ZONE_KEYS[event.code] : undefined;
  if (zone) return { ...step, at: zone };
  if (/^[1-9]$/.test(key)) return answered(step, Number(key) - 1);
  switch (key) {
    case "arrowdown":
      return { ...step, at: neighbour(step.at, 1) };
    case "arrowup":
      return { ...step, at: neighbour(step.at, -1) };
    case "arrowright":
      return stepped(step, 1);
    case "arrowleft":
      return stepped(step, -1);
    case "backspace":
      return takenBack(step);
    case "z":
      return { ...step, findings: restWithoutLucency(step.findings), at: "cup.migration" };
    case "s":
      return scallopedAt(step);
    default:
      return null;
  }
}

function scallopedAt(step: Step): Step | null {
  const { zone } = questionOf(step.at);
  return zone ? { ...step, findings: scalloped(step.findings, zone) } : null;
}
