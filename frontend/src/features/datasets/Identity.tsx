import type { Schemas } from "@/shared/api";
import { Panel } from "@/shared/components";
import { dateTime } from "@/shared/messages";
import { Hash } from "@/shared/runs";
import { selectionSentences } from "./selection";
import { seedOf, splitText } from "./split";
import { t } from "./text";
import classes from "./datasets.module.css";

const WORDS = { patient: "word_patient", label: "word_label", site: "word_site" } as const;
const words = (value: unknown): string =>
  [value]
    .flat()
    .map((word) => (word === "patient" || word === "label" || word === "site" ? t(WORDS[word]) : String(word)))
    .join(", ");

/** What was frozen, by whom, and how the cases were chosen and divided. */
export function Identity({ version }: { version: Schemas["DatasetVersionDetail"] }) {
  const filters = selectionSentences(version.selection);
  const seed = seedOf(version.split);
  return (
    <Panel title={t("identity")}>
      <dl className={classes.facts}>
        <dt>{t("hash")}</dt>
        <dd>
          <Hash value={version.sha256} />
        </dd>
        <dt>{t("frozen_at")}</dt>
        <dd>{dateTime(version.frozen_at) + " · " + (version.frozen_by ?? t("by_program"))}</dd>
        {!version.is_practice && (
          <>
            <dt>{t("which_cases")}</dt>
            <dd>{filters.length ? filters.join(" · ") : t("everything")}</dd>
            <dt>{t("divided")}</dt>
            <dd className="numbers">{splitText(version.split)}</dd>
            <dt>{t("seed")}</dt>
            <dd className="numbers">{seed ?? "–"}</dd>
            <dt>{t("grouped")}</dt>
            <dd>{words(version.split.grouped_by)}</dd>
            <dt>{t("stratified")}</dt>
            <dd>{words(version.split.stratified_by)}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}
