import { Panel, TextLink } from "@/shared/components";
import type { Role } from "@/shared/registry";
import type { Study } from "@/shared/study/context";
import { t } from "../text";
import classes from "./DemoHints.module.css";

/** What a visitor of the demo may like to try first, and where. */
const HINTS = {
  administrator: [
    { text: "demo.administrator.people", href: "people" },
    { text: "demo.administrator.protocols", href: "protocols" },
    { text: "demo.administrator.cohort", href: "cohort" },
  ],
  coordinator: [
    { text: "demo.coordinator.cohort", href: "cohort" },
    { text: "demo.coordinator.radiographs", href: "radiographs" },
  ],
  researcher: [
    { text: "demo.researcher.comparison", href: "comparisons" },
    { text: "demo.researcher.training", href: "training/new" },
    { text: "demo.researcher.saliency", href: "training" },
  ],
  abstractor: [{ text: "demo.coordinator.notes", href: "notes" }],
  adjudicator: [],
  identifier_keeper: [],
  surgeon: [{ text: "demo.surgeon.reading", href: "reading" }],
} as const satisfies Record<Role, readonly { text: string; href: string }[]>;

export function DemoHints({ study }: { study: Study }) {
  if (!study.is_demo) return null;
  return (
    <Panel title={t("demo.title")} lead={t("demo.lead")}>
      <ul className={classes.hints}>
        {study.roles.flatMap((role) =>
          HINTS[role].map(({ text, href }) => (
            <li key={text}>
              <TextLink to={`/studies/${study.slug}/${href}`} size="sm" fw={600}>
                {t(`${text}.title`)}
              </TextLink>
              <span className="muted">{t(`${text}.detail`)}</span>
            </li>
          )),
        )}
      </ul>
    </Panel>
  );
}
