import { Button, Group, List, Stack, Text } from "@mantine/core";
import { api } from "@/shared/api";
import { ErrorNotice, TextLink } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Session } from "./calls";
import { isFresh, storedCheck } from "./monitor";
import { Sheet } from "./Sheet";
import { t } from "./text";
import classes from "./reading.module.css";

export function Instructions({ session, onAccepted }: { session: Session; onAccepted: (fresh: Session) => void }) {
  const slug = useSlug();
  const accept = api.useMutation("post", "/api/v1/reading/sessions/{session_id}/accept", { onSuccess: onAccepted });
  return (
    <Sheet title={t("instructions.title")} lead={session.title}>
      <Stack gap="md">
        <Text style={{ whiteSpace: "pre-line" }}>{session.instructions || t("instructions.none")}</Text>
        <List spacing={6} size="md">
          {session.practice_total > 0 && (
            <List.Item>{t("instructions.practice", { count: session.practice_total })}</List.Item>
          )}
          <List.Item>{t("instructions.cases", { count: session.total })}</List.Item>
          <List.Item>{t(session.navigation === "free" ? "instructions.free" : "instructions.locked")}</List.Item>
          <List.Item>{t("instructions.keys")}</List.Item>
          {!isFresh(storedCheck()) && (
            <List.Item>
              {t("instructions.monitor")} <TextLink to={`/studies/${slug}/reading/monitor`} className={classes.inText}>{t("monitor.link")}</TextLink>
            </List.Item>
          )}
        </List>
        <ErrorNotice error={accept.error} />
        <Group>
          <Button
            size="md"
            autoFocus
            loading={accept.isPending}
            onClick={() => accept.mutate({ params: { path: { session_id: session.id } } })}
          >
            {t("instructions.accept")}
          </Button>
        </Group>
      </Stack>
    </Sheet>
  );
}
