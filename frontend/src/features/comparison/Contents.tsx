import { Anchor } from "@mantine/core";
import { t } from "./text";
import classes from "./comparison.module.css";

export interface Section {
  id: string;
  title: string;
}

/** The sections of the page, at hand while it is scrolled. */
export function Contents({ sections }: { sections: readonly Section[] }) {
  return (
    <nav className={classes.contents} aria-label={t("contents")}>
      {sections.map(({ id, title }) => (
        <Anchor key={id} href={`#${id}`} size="sm">
          {title}
        </Anchor>
      ))}
    </nav>
  );
}
