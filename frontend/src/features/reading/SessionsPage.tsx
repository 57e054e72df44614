import { Badge, Group, Progress, Text } from "@mantine/core";
import { api, type Schemas } from "@/shared/api";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { EmptyState, LinkButton, Loaded, Page, Panel } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { NextSessions } from "./NextSessions";
import { t } from "./text";
import classes from "./reading.module.css";

type Session = Schemas["MySession"];

export function Component() {
  const slug = useSlug();
  const sessions = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/reading",
    { params: { path: { slug } } },
    { staleTime: 0 },
  );
  return (
    <Page
      title={t("sessions.title")}
      lead={t("sessions.lead")}
      actions={
        <LinkButton to={`/studies/${slug}/reading/monitor`} variant="default" leftSection={<IconDeviceDesktop size={16} />}>
          {t("monitor.link")}
        </LinkButton>
      }
    >
      <Loaded query={sessions}>
        {(list) =>
          list.length === 0 ? (
            <Panel>
              <EmptyState title={t("sessions.empty")} detail={t("sessions.empty_detail")} />
            </Panel>
          ) : (
            list.map((session) => <SessionPanel key={session.id} session={session} slug={slug} />)
          )
        }
      </Loaded>
      <NextSessions slug={slug} />
    </Page>
  );
}

function whatNext(session: Session): "sessions.begin" | "sessions.go_on" | "sessions.sign" | "sessions.look" {
  if (session.state === "signed") return "sessions.look";
  const answered = session.navigation === "free" ? session.drafted : session.done;
  if (answered === session.total) return "sessions.sign";
  return answered + session.practice_done > 0 ? "sessions.go_on" : "sessions.begin";
}

function SessionPanel({ session, slug }: { session: Session; slug: string }) {
  const { total, practice_done: practiceDone, practice_total: practiceTotal } = session;
  const done = session.navigation === "free" && session.state !== "signed" ? session.drafted : session.done;
  const next = whatNext(session);
  return (
    <Panel>
      <Group justify="space-between" wrap="nowrap" gap="xl">
        <div className={classes.sessionText}>
          <Group gap="xs">
            <Text fw={600}>{session.title}</Text>
            <Text className="muted">{t("sessions.number", { number: session.number })}</Text>
            <Badge color={session.state === "signed" ? "teal" : "petrol"}>
              {t(session.state === "signed" ? "sessions.signed" : "sessions.open")}
            </Badge>
          </Group>
          <Progress value={total ? (100 * done) / total : 0} mt="sm" mb={6} aria-label={t("room.progress")} />
          <Text size="sm" className="muted numbers">
            {t("sessions.cases", { done, total })}
            {practiceTotal > 0 && " · " + t("sessions.practice", { done: practiceDone, total: practiceTotal })}
          </Text>
        </div>
        <LinkButton
          to={`/studies/${slug}/reading/${session.id}`}
          variant={next === "sessions.look" ? "default" : "filled"}
        >
          {t(next)}
        </LinkButton>
      </Group>
    </Panel>
  );
}
