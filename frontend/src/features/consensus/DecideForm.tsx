import { Button, Group, NumberInput, SegmentedControl, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { t } from "./text";

type Call = "loose" | "well_fixed" | "cannot_assess";
const CALLS: readonly Call[] = ["loose", "well_fixed", "cannot_assess"];

/** Nothing is chosen beforehand; a decision may be changed until the meeting is signed. */
export function DecideForm({ found, onDecided }: { found: Schemas["ConsensusCase"]; onDecided: () => void }) {
  const [call, setCall] = useState<Call | "">(found.call as Call | "");
  const [confidence, setConfidence] = useState<number | null>(found.confidence);
  const [comment, setComment] = useState(found.comment);
  const decide = api.useMutation("post", "/api/v1/reading/consensus/cases/{code}/decide", {
    onSuccess: () => {
      notifications.show({ message: t("kept", { position: found.position }) });
      onDecided();
    },
  });
  const isWhole = call === "cannot_assess" || (call !== "" && confidence !== null);
  const act = () =>
    call !== "" &&
    decide.mutate({
      params: { path: { code: found.code } },
      body: { call, confidence: call === "cannot_assess" ? null : confidence, comment },
    });
  return (
    <Stack gap="sm" maw={620}>
      <Group align="flex-end" gap="md">
        <SegmentedControl
          aria-label={t("call")}
          data={CALLS.map((value) => ({ value, label: t(value) }))}
          value={call}
          onChange={(value) => setCall(value as Call)}
        />
        <NumberInput
          label={t("how_sure")}
          w={130}
          min={0}
          max={100}
          allowDecimal={false}
          value={confidence ?? ""}
          onChange={(value) => setConfidence(typeof value === "number" ? value : null)}
          disabled={call === "cannot_assess"}
        />
      </Group>
      <Textarea
        label={t("comment")}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
        maxLength={2000}
        autosize
        minRows={2}
      />
      <ErrorNotice error={decide.error} />
      <Group>
        <Button onClick={act} loading={decide.isPending} disabled={!isWhole}>
          {t("decide")}
        </Button>
      </Group>
    </Stack>
  );
}
