import { featureText, hasMessage, textOf } from "@/shared/messages";
import type messages from "./messages.en.json";

export const t = featureText<keyof typeof messages>("saliency");

export function methodTitle(method: string): string {
  const key = `saliency.method.${method}`;
  return hasMessage(key) ? textOf(key) : method.replaceAll("_", " ");
}

export function methodAbout(method: string): string {
  const key = `saliency.method_about.${method}`;
  return hasMessage(key) ? textOf(key) : "";
}

export function testTitle(test: string): string {
  const key = `saliency.test.${test}`;
  return hasMessage(key) ? textOf(key) : test.replaceAll("_", " ");
}

export function verdictWord(verdict: string): string {
  const key = `saliency.verdict.${verdict}`;
  return hasMessage(key) ? textOf(key) : verdict.replaceAll("_", " ");
}
