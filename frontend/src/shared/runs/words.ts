import { hasMessage, textOf } from "@/shared/messages";

/** A label, a part or a call of the API in the page's words; a word that the catalogue lacks stays as it is. */
function word(kind: string, value: string): string {
  const key = `${kind}.${value}`;
  return hasMessage(key) ? textOf(key) : value;
}

export const labelWord = (label: string): string => word("label", label);
export const partWord = (part: string): string => word("part", part);
