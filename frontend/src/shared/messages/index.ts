import english from "./en.json";
import { addMessages, textOf, type Values } from "./catalogue";

export {
  addMessages,
  type Catalogue,
  chooseLanguage,
  featureText,
  hasMessage,
  language,
  setLanguage,
  storedLanguage,
  textOf,
  type Values,
} from "./catalogue";
export * from "./formats";

export type SharedKey = keyof typeof english;

addMessages("en", english);

/** A text of the shared catalogue. */
export function t(key: SharedKey, values?: Values): string {
  return textOf(key, values);
}
