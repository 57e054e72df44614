import messages from "./messages.en.json";
import { wordOf } from "./text";

/** What a CPT or ICD-10-CM code means, from the longest beginning of it that the catalogue knows; "" if none.
 *
 * Of a pattern only what stands before its first wildcard counts. */
export function meaningOf(code: string): string {
  const certain = code.replace(/[?*[].*$/, "");
  for (let length = certain.length; length >= 3; length -= 1) {
    const part = certain.slice(0, length).replace(/\.$/, "");
    const word = wordOf("code", part);
    if (word !== part) return word;
  }
  return "";
}

const KNOWN = Object.keys(messages)
  .filter((key) => key.startsWith("code."))
  .map((key) => key.slice("code.".length))
  .sort();

/** The codes that the catalogue knows, for suggestions. Most ICD-10-CM codes of complications have a 7th character. */
export function knownCodes(system: "cpt" | "icd10cm" | "modifier"): string[] {
  if (system === "modifier") return [];
  const isCpt = (code: string) => /^\d{5}$/.test(code);
  const codes = KNOWN.filter((code) => isCpt(code) === (system === "cpt"));
  return system === "cpt" ? codes : codes.map((code) => (/^T84\.\d{3}$/.test(code) ? `${code}?` : /^(T84|M97)\.\d\d$/.test(code) ? `${code}*` : code));
}
