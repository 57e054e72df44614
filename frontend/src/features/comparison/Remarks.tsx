import { List } from "@mantine/core";
import { Panel } from "@/shared/components";
import type { Result } from "./figures";
import { t } from "./text";
import classes from "./comparison.module.css";

/** The server's own sentences: each is worked out from the cases that were compared. */
export function Remarks({ result }: { result: Result }) {
  return (
    <Panel title={t("cannot_show")} lead={t("cannot_show_lead")}>
      <List size="sm" spacing={7} className={classes.remarks}>
        {result.notes.map(({ code, message }) => (
          <List.Item key={code + message} data-code={code}>
            {message}
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
