import { dateTime, number } from "@/shared/messages";
import type { Session } from "./calls";
import { Sheet } from "./Sheet";
import { t } from "./text";
import classes from "./reading.module.css";

export function Signed({ session }: { session: Session }) {
  const { signature } = session;
  return (
    <Sheet title={t("signed.title")} lead={t("signed.lead")}>
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
    </Sheet>
  );
}
