import { Radio, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";
import { sideWord, type Value, VALUES } from "./words";

interface CorrectLabelProps {
  label: Schemas["Label"];
  opened: boolean;
  onClose: () => void;
  onCorrected: (id: number) => void;
}

export function CorrectLabel({ label, opened, onClose, onCorrected }: CorrectLabelProps) {
  const slug = useSlug();
  const queries = useQueryClient();
  const [value, setValue] = useState<Value | null>(null);
  const [reason, setReason] = useState("");
  const correct = api.useMutation("post", "/api/v1/studies/{slug}/labels/{label_id}/correct");
  const send = async () => {
    if (!value) return;
    const path = { slug, label_id: label.id };
    const fresh = await correct.mutateAsync({ params: { path }, body: { value, reason } });
    setValue(null);
    setReason("");
    notifications.show({ message: t("correct.done", { version: fresh.version }) });
    // What was frozen from this label is stale from now on, wherever it is shown.
    void queries.invalidateQueries();
    onCorrected(fresh.id);
  };
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t("correct.title", { patient: label.patient, side: sideWord(label.side) })}
      confirm={t("correct.confirm")}
      onConfirm={send}
      disabled={!value || !reason.trim()}
    >
      <Stack gap="sm">
        <Text size="sm">{t("correct.effect")}</Text>
        <Radio.Group label={t("correct.value")} value={value} onChange={(chosen) => setValue(chosen as Value)}>
          <Stack gap={6} mt={4}>
            {VALUES.filter((each) => each !== label.value).map((each) => (
              <Radio key={each} value={each} label={t(`value.${each}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          label={t("correct.reason")}
          description={t("correct.reason_hint")}
          required
          autosize
          minRows={2}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  );
}
