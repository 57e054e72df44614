import { wordOf } from "./text";

/** What a CPT or ICD-10-CM code means, from the longest beginning of it that the catalogue knows; "" if none. */
export function meaningOf(code: string): string {
  for (let length = code.length; length >= 3; length -= 1) {
    const part = code.slice(0, length);
    const word = wordOf("code", part);
    if (word !== part) return word;
  }
  return "";
}
