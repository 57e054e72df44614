import { Text } from "@mantine/core";
import { number } from "@/shared/messages";
import type { Protocol } from "./progress";
import { t } from "./text";
import classes from "./protocols.module.css";

/** The protocol as it stands, in words. */
export function SettingsList({ protocol }: { protocol: Protocol }) {
  const facts: [string, string][] = [
    [t("form"), t(`form.${protocol.form}`)],
    [t("going"), t(`going.${protocol.navigation}`)],
    [t("feedback"), t(`feedback.${protocol.feedback}`)],
    [t("sessions_per_reader"), number(protocol.sessions_per_reader)],
    [t("washout_days"), number(protocol.washout_days)],
    [t("repeated_percent"), t("percent", { percent: protocol.repeated_percent })],
    [t("batch_size"), protocol.batch_size ? number(protocol.batch_size) : t("never")],
    [t("cannot_assess"), t(protocol.cannot_assess_counts_wrong ? "cannot_assess.wrong" : "cannot_assess.left_out")],
    [t("analysed_version"), t(`analysed.${protocol.analysed_version}`)],
    [t("consensus_wanted"), t(protocol.consensus_wanted ? "yes" : "no")],
    [t("practice_version"), protocol.practice_version ? t("version_is", { number: protocol.practice_version }) : t("no_practice")],
    [t("readers"), protocol.assigned.map(({ name }) => name).join(", ") || t("nobody")],
  ];
  return (
    <>
      <dl className={classes.settings}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {protocol.copied_from && (
        <Text size="xs" className="muted" px="md" pb="sm">
          {t("copied_from", { title: protocol.copied_from })}
        </Text>
      )}
    </>
  );
}
