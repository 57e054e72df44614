import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { api } from "@/shared/api";
import { ErrorNotice, Panel, Stat } from "@/shared/components";
import { number } from "@/shared/messages";
import { type ImportDetail, stateOf, summed, useImport, useTold } from "./imports";
import { t } from "./text";
import classes from "./registry.module.css";

const COUNTS = ["rows", "new", "changed", "unchanged", "refused"] as const;

/** All files together, and a second look where the registry may have moved on. */
export function Totals({ record }: { record: ImportDetail }) {
  const { path } = useImport(record.id);
  const tell = useTold();
  const check = api.useMutation("post", "/api/v1/studies/{slug}/registry/imports/{import_id}/check", { onSuccess: tell });
  const waits = stateOf(record) === "waiting";
  return (
    <Panel
      title={waits ? t("would_change") : t("has_changed")}
      actions={
        waits && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={check.isPending}
            onClick={() => check.mutate({ params: { path }, body: {} })}
          >
            {t("check_again")}
          </Button>
        )
      }
    >
      <div className={classes.counts}>
        {COUNTS.map((key) => (
          <Stat key={key} label={t(`count.${key}`)} value={number(summed(record.counts, key))} about={t(`count_about.${key}`)} />
        ))}
      </div>
      <ErrorNotice error={check.error} />
    </Panel>
  );
}
