import { Group, Table } from "@mantine/core";
import { About } from "@/shared/components";
import classes from "./comparison.module.css";

/** The head of a column of figures, with what they are behind a button. */
export function NumberHead({ label, about, className }: { label: string; about?: string; className?: string }) {
  return (
    <Table.Th ta="right" className={className}>
      <Group gap={2} justify="flex-end" wrap="nowrap">
        {label}
        {about && (
          <span className={classes.screenOnly}>
            <About>{about}</About>
          </span>
        )}
      </Group>
    </Table.Th>
  );
}
