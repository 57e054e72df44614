import { Button, Group, Text, Title } from "@mantine/core";
import { IconFileDownload } from "@tabler/icons-react";
import { Loaded } from "@/shared/components";
import { dateTime, number } from "@/shared/messages";
import type { Session } from "./calls";
import { useMyReads } from "./myReads";
import { ReadsTable } from "./ReadsTable";
import { Sheet } from "./Sheet";
import { t } from "./text";
import classes from "./reading.module.css";

export function Signed({ session }: { session: Session }) {
  const { signature } = session;
  const reads = useMyReads(session);
  return (
    <Sheet title={t("signed.title")} lead={t("signed.lead")} wide>
      <dl className={classes.facts}>
        <dt>{t("signed.cases")}</dt>
        <dd>{number(session.total)}</dd>
        {signature && (
          <>
            <dt>{t("signed.name")}</dt>
            <dd>{signature.name}</dd>
            <dt>{t("signed.at")}</dt>
            <dd>{dateTime(signature.signed_at, "UTC")}</dd>
            <dt>{t("signed.meaning")}</dt>
            <dd>{signature.meaning}</dd>
            <dt>{t("signed.hash")}</dt>
            <dd className={classes.hash}>{signature.reads_sha256}</dd>
          </>
        )}
      </dl>
      <Group my="lg">
        <Button
          component="a"
          href={`/api/v1/reading/sessions/${session.id}/pdf`}
          download
          variant="default"
          leftSection={<IconFileDownload size={16} />}
        >
          {t("signed.pdf")}
        </Button>
      </Group>
      <Title order={2} size="h4" mb={4}>
        {t("reads.title")}
      </Title>
      <Text size="sm" className="muted" mb="sm">
        {t("reads.about")}
      </Text>
      <Loaded query={reads}>
        {(list) => <ReadsTable session={session} reads={list} goTo={null} onCorrected={() => void reads.refetch()} />}
      </Loaded>
    </Sheet>
  );
}
