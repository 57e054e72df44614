import { Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "@/shared/messages";
import { ErrorNotice } from "./ErrorNotice";

/** The part of a query that a page looks at. */
export interface Query<Data> {
  data: Data | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface LoadedProps<Data> {
  query: Query<Data>;
  /** Height of what will stand here, so that nothing jumps. */
  height?: number;
  children: (data: Data) => ReactNode;
}

/** What a query brought: the data, or that it is coming, or why it did not come. */
export function Loaded<Data>({ query, height = 160, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="xs" aria-busy="true" aria-label={t("loading")} role="status">
      <Skeleton height={24} width="40%" />
      <Skeleton height={height} />
    </Stack>
  );
}
