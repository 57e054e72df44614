import { Checkbox, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { api } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Protocol } from "./progress";
import { t } from "./text";
import { useChanged } from "./useProtocols";

/** Two or more readers who have signed everything meet over the cases in which they differ. */
export function ConsensusDialog({ protocol, opened, onClose }: { protocol: Protocol; opened: boolean; onClose: () => void }) {
  const slug = useSlug();
  const changed = useChanged();
  const [chosen, setChosen] = useState(() => protocol.assigned.map(({ id }) => String(id)));
  const [onlyDiffering, setOnlyDiffering] = useState(true);
  const plan = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/consensus", {
    onSuccess: () => {
      changed();
      notifications.show({ message: t("consensus_planned") });
    },
  });
  const act = () =>
    plan.mutateAsync({
      params: { path: { slug, protocol_id: protocol.id } },
      body: { readers: chosen.map(Number), only_differing: onlyDiffering },
    });
  return (
    <Confirm opened={opened} onClose={onClose} title={t("consensus_title")} confirm={t("consensus_now")} disabled={chosen.length < 2} onConfirm={act}>
      <Stack gap="sm">
        <Text size="sm">{t("consensus_about")}</Text>
        <Checkbox.Group label={t("readers")} value={chosen} onChange={setChosen}>
          <Stack gap={6} mt="xs">
            {protocol.assigned.map(({ id, name }) => (
              <Checkbox key={id} value={String(id)} label={name} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Checkbox
          label={t("consensus_only_differing")}
          checked={onlyDiffering}
          onChange={(event) => setOnlyDiffering(event.currentTarget.checked)}
        />
      </Stack>
    </Confirm>
  );
}
