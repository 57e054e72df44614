import { Button, Group, Text } from "@mantine/core";
import { LinkButton } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Session } from "./calls";
import { Sheet } from "./Sheet";
import { t } from "./text";

interface BreakProps {
  session: Session;
  read: number;
  onGoOn: () => void;
}

/** After a batch: eyes tire before readers notice. */
export function Break({ session, read, onGoOn }: BreakProps) {
  const slug = useSlug();
  return (
    <Sheet title={t("break.title")} lead={t("break.lead", { done: read, total: session.total })}>
      <Text mb="lg">{t("break.detail", { count: session.total - read })}</Text>
      <Group>
        <Button size="md" autoFocus onClick={onGoOn}>
          {t("break.go_on")}
        </Button>
        <LinkButton to={`/studies/${slug}/reading`} size="md" variant="default">
          {t("break.later")}
        </LinkButton>
      </Group>
    </Sheet>
  );
}
