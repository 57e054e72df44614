import { Alert, List } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { t } from "./text";

export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle />} title={title}>
      {children}
    </Alert>
  );
}

export function Sentences({ sentences, more = 0 }: { sentences: readonly string[]; more?: number }) {
  return (
    <List size="sm">
      {sentences.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
      {more > 0 && <List.Item>{t("more", { count: more })}</List.Item>}
    </List>
  );
}
