import { Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { api } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Protocol } from "./progress";
import { t } from "./text";
import { useChanged } from "./useProtocols";

export function CopyDialog({ protocol, opened, onClose }: { protocol: Protocol; opened: boolean; onClose: () => void }) {
  const slug = useSlug();
  const changed = useChanged();
  const [title, setTitle] = useState("");
  const copy = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/copy", { onSuccess: () => changed() });
  const act = () => copy.mutateAsync({ params: { path: { slug, protocol_id: protocol.id } }, body: { title: title.trim() } });
  return (
    <Confirm opened={opened} onClose={onClose} title={t("copy_title", { title: protocol.title })} confirm={t("copy_now")} disabled={!title.trim()} onConfirm={act}>
      <Stack gap="sm">
        <Text size="sm">{t("copy_about")}</Text>
        <TextInput
          label={t("protocol_title")}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={200}
          required
          data-autofocus
        />
      </Stack>
    </Confirm>
  );
}
