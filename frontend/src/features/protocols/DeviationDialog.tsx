import { NativeSelect, NumberInput, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { api } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Protocol } from "./progress";
import { SHORTEST_WASHOUT } from "./settings";
import { t } from "./text";
import { useChanged } from "./useProtocols";

type Kind = "reader_absent" | "other" | "washout_shortened" | "inadvertent_unblinding";
type Learnt = "reference_standard" | "model_score" | "other_read" | "clinical_data" | "other";

const KINDS: readonly Kind[] = ["reader_absent", "washout_shortened", "inadvertent_unblinding", "other"];
const LEARNT: readonly Learnt[] = ["reference_standard", "model_score", "other_read", "clinical_data", "other"];

function useRecord(protocol: Protocol) {
  const path = { slug: useSlug(), protocol_id: protocol.id };
  const changed = useChanged();
  const done = { onSuccess: () => changed() };
  const deviation = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/deviations", done);
  const washout = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/washout", done);
  const report = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/reports", done);
  return async (kind: Kind, values: { reader: number; days: number; reason: string; learnt: Learnt }): Promise<unknown> => {
    const { reader, days, reason, learnt } = values;
    if (kind === "washout_shortened") return washout.mutateAsync({ params: { path }, body: { reader, days, reason } });
    if (kind === "inadvertent_unblinding") {
      const session = [...protocol.readers].reverse().find((row) => row.reader_id === reader && row.session !== null)?.session ?? 0;
      return report.mutateAsync({ params: { path }, body: { session, learnt, what_happened: reason, consequence: "undecided" } });
    }
    return deviation.mutateAsync({ params: { path }, body: { kind, reason, reader: reader || null } });
  };
}

/** Whatever did not go as the protocol says; each kind asks for what it needs. */
export function DeviationDialog({ protocol, opened, onClose }: { protocol: Protocol; opened: boolean; onClose: () => void }) {
  const record = useRecord(protocol);
  const [kind, setKind] = useState<Kind>("reader_absent");
  const [reader, setReader] = useState(protocol.assigned[0]?.id ?? 0);
  const [days, setDays] = useState(SHORTEST_WASHOUT);
  const [learnt, setLearnt] = useState<Learnt>("reference_standard");
  const [reason, setReason] = useState("");
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t("deviation_title")}
      confirm={t("deviation_now")}
      disabled={!reason.trim()}
      onConfirm={() => record(kind, { reader, days, reason: reason.trim(), learnt })}
    >
      <Stack gap="sm">
        <NativeSelect
          label={t("deviation_kind")}
          description={t(`about.${kind}`)}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
          data={KINDS.map((value) => ({ value, label: t(`deviation.${value}`) }))}
        />
        <NativeSelect
          label={t("reader")}
          value={String(reader)}
          onChange={(event) => setReader(Number(event.currentTarget.value))}
          data={protocol.assigned.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
        {kind === "washout_shortened" && (
          <NumberInput
            label={t("shortened_days")}
            description={t("shortened_about", { least: SHORTEST_WASHOUT, days: protocol.washout_days })}
            value={days}
            onChange={(value) => typeof value === "number" && setDays(value)}
            min={SHORTEST_WASHOUT}
            max={protocol.washout_days - 1}
          />
        )}
        {kind === "inadvertent_unblinding" && (
          <NativeSelect
            label={t("learnt")}
            value={learnt}
            onChange={(event) => setLearnt(event.currentTarget.value as Learnt)}
            data={LEARNT.map((value) => ({ value, label: t(`learnt.${value}`) }))}
          />
        )}
        <Textarea
          label={t(kind === "inadvertent_unblinding" ? "what_happened" : "reason")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={3}
          required
        />
      </Stack>
    </Confirm>
  );
}
