import { readdirSync } from "node:fs";
import a11y from "eslint-plugin-jsx-a11y";
import react from "eslint-plugin-react";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import ts from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** shared <- features <- app: nothing imports what lies above it, and no feature imports another. */
const upwards = (layer, forbidden) => ({
  files: [`src/${layer}/**/*.{ts,tsx}`],
  rules: { "no-restricted-imports": ["error", { patterns: forbidden }] },
});
const feature = (name) => {
  const others = features.filter((other) => other !== name);
  const regex = others.length ? `^(\\.\\./)+(${others.join("|")})(/|$)` : "^\\.\\./\\.\\./features";
  return upwards(`features/${name}`, [
    { group: ["@/features/**", "@/app/**", "**/app/**"], message: "A feature imports shared code alone." },
    { regex, message: "Features do not import each other; what two of them need lies in shared." },
  ]);
};

/** Two letters in a row: a word, or the unit of one. */
const WORD = "/[A-Za-z]{2}/";

export default ts.config(
  { ignores: ["dist", "node_modules", "src/shared/api/schema.d.ts"] },
  ...ts.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { globals: globals.browser },
    plugins: { react, "react-hooks": hooks, "jsx-a11y": a11y },
    settings: { react: { version: "19" } },
    rules: {
      ...a11y.flatConfigs.recommended.rules,
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "react/jsx-key": "error",
      "react/jsx-no-target-blank": "error",
      "react/no-danger": "error",
      // Mantine's initial focus in dialogs is what a screen reader expects there.
      "jsx-a11y/no-autofocus": "off",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "max-lines": ["error", { max: 400 }],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    // Every text comes from the message catalogue.
    files: ["src/**/*.tsx"],
    ignores: ["src/**/*.test.tsx"],
    rules: {
      "react/jsx-no-literals": [
        "error",
        { noStrings: false, ignoreProps: true, allowedStrings: ["·", "–", "—", "/", "%", "×", "(", ")", ":", ","] },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "JSXAttribute[name.name=/^(label|title|placeholder|description|alt|aria-label|lead|message|emptyText)$/] > Literal[value=/[A-Za-z]{2}/]",
          message: "This text belongs in the message catalogue.",
        },
        ...["", " > ConditionalExpression", " > LogicalExpression", " > TemplateLiteral", " > BinaryExpression"].map((inside) => ({
          selector: `JSXElement > JSXExpressionContainer${inside} > :matches(Literal[value=${WORD}], TemplateElement[value.raw=${WORD}])`,
          message: "This text belongs in the message catalogue.",
        })),
      ],
    },
  },
  upwards("shared", [{ group: ["@/features/**", "@/app/**"], message: "Shared code imports neither features nor the app." }]),
  ...features.map(feature),
);
