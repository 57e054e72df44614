import { Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { api } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Protocol } from "./progress";
import { t } from "./text";
import { useChanged } from "./useProtocols";

export function FreezeDialog({ protocol, opened, onClose }: { protocol: Protocol; opened: boolean; onClose: () => void }) {
  const slug = useSlug();
  const changed = useChanged();
  const freeze = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/freeze", {
    onSuccess: () => {
      changed();
      notifications.show({ message: t("frozen", { title: protocol.title }) });
    },
  });
  const act = () => freeze.mutateAsync({ params: { path: { slug, protocol_id: protocol.id } } });
  return (
    <Confirm opened={opened} onClose={onClose} title={t("freeze_title", { title: protocol.title })} confirm={t("freeze_now")} onConfirm={act}>
      <Stack gap="xs">
        <Text size="sm">{t("freeze_about")}</Text>
        <Text size="sm">{t("freeze_readers", { names: protocol.assigned.map(({ name }) => name).join(", ") })}</Text>
      </Stack>
    </Confirm>
  );
}
