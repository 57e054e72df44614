import { addMessages, type Catalogue, setLanguage, storedLanguage } from "@/shared/messages";

type Files = Record<string, () => Promise<Catalogue>>;

/** English travels with the page; any other language is fetched when somebody chooses it. */
const english = import.meta.glob<Catalogue>(["../features/*/messages.en.json", "./messages.en.json"], {
  eager: true,
  import: "default",
});
const others: Files = import.meta.glob<Catalogue>(
  [
    "../features/*/messages.*.json",
    "../shared/messages/*.json",
    "./messages.*.json",
    "!../**/messages.en.json",
    "!./messages.en.json",
    "!../shared/messages/en.json",
  ],
  { import: "default" },
);

function place(path: string): { language: string; prefix: string } {
  const language = /([A-Za-z-]+)\.json$/.exec(path)?.[1] ?? "en";
  const feature = /features\/([^/]+)\//.exec(path)?.[1];
  if (feature) return { language, prefix: feature };
  return { language, prefix: path.startsWith("./") ? "app" : "" };
}

/** A language is there when a file of it is: no code knows which. */
export const languages: readonly string[] = [
  ...new Set(["en", ...Object.keys(others).map((path) => place(path).language)]),
].sort();

for (const [path, messages] of Object.entries(english)) addMessages("en", messages, place(path).prefix);

export async function loadCatalogue(language = storedLanguage(languages)): Promise<void> {
  setLanguage(language);
  if (language === "en") return;
  const wanted = Object.entries(others).filter(([path]) => place(path).language === language);
  await Promise.all(wanted.map(async ([path, load]) => addMessages(language, await load(), place(path).prefix)));
}
