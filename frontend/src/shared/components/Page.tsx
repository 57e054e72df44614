import { Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Page.module.css";
import { useTitle } from "./useTitle";

interface PageProps {
  title: string;
  /** One or two sentences: what this page is for. */
  lead?: ReactNode;
  /** Buttons; the main one last. They stand at the same place on every page. */
  actions?: ReactNode;
  /** A line above the title, such as a link back. */
  above?: ReactNode;
  children: ReactNode;
}

export function Page({ title, lead, actions, above, children }: PageProps) {
  useTitle(title);
  return (
    <Box className={classes.page}>
      {above && <Box className={classes.above}>{above}</Box>}
      <Group justify="space-between" align="flex-start" wrap="nowrap" className={classes.head}>
        <div>
          <Title order={1}>{title}</Title>
          {lead && (
            <Text className={classes.lead} component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions && (
          <Group gap="xs" className={classes.actions}>
            {actions}
          </Group>
        )}
      </Group>
      <Stack gap="md">{children}</Stack>
    </Box>
  );
}

interface PanelProps {
  title?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Without inner margin, for tables and pictures that reach the edge. */
  flush?: boolean;
  children: ReactNode;
}

export function Panel({ title, lead, actions, flush, children }: PanelProps) {
  return (
    <Paper component="section" className={classes.panel}>
      {(title || actions) && (
        <Group justify="space-between" align="flex-start" wrap="nowrap" className={classes.panelHead}>
          <div>
            {title && <Title order={2}>{title}</Title>}
            {lead && (
              <Text size="sm" className="muted" component="div" mt={2}>
                {lead}
              </Text>
            )}
          </div>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      <div className={flush ? undefined : classes.panelBody}>{children}</div>
    </Paper>
  );
}
