import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  /** What to do next, or what has to happen before anything can be here. */
  detail?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ title, detail, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap={6} py={36} px="md" ta="center">
      <Title order={2} size="h3">
        {title}
      </Title>
      {detail && (
        <Text className="muted" maw="52ch">
          {detail}
        </Text>
      )}
      {action && <div style={{ marginTop: 10 }}>{action}</div>}
    </Stack>
  );
}
