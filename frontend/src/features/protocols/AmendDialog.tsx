import { Checkbox, PasswordInput, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { api } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Protocol } from "./progress";
import { SettingsFields } from "./SettingsFields";
import { type Amendable, changesOf, settingsOf } from "./settings";
import { t } from "./text";
import { useChanged } from "./useProtocols";

interface AmendDialogProps {
  protocol: Protocol;
  opened: boolean;
  onClose: () => void;
}

/** A frozen protocol changes only like this: what, why, and signed. */
export function AmendDialog({ protocol, opened, onClose }: AmendDialogProps) {
  const slug = useSlug();
  const changed = useChanged();
  const [values, setValues] = useState<Amendable>(() => settingsOf(protocol));
  const [joining, setJoining] = useState<number[]>([]);
  const [reason, setReason] = useState("");
  const [password, setPassword] = useState("");
  const amend = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/amend", { onSuccess: () => changed() });
  const changes = changesOf(protocol, values);
  const nothing = Object.keys(changes).length === 0 && joining.length === 0;
  const act = () =>
    amend.mutateAsync({
      params: { path: { slug, protocol_id: protocol.id } },
      body: { ...changes, new_readers: joining, reason: reason.trim(), password },
    });
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t("amend_title", { title: protocol.title, version: protocol.version + 1 })}
      confirm={t("amend_now")}
      disabled={nothing || !reason.trim() || !password}
      onConfirm={act}
    >
      <Stack gap="sm">
        <Text size="sm">{t("amend_about")}</Text>
        <SettingsFields
          values={values}
          onChange={(part) => setValues((before) => ({ ...before, ...part }))}
          problem={() => undefined}
        />
        {opened && <Joining protocol={protocol} chosen={joining} onChange={setJoining} />}
        <Textarea
          label={t("amend_reason")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={2}
          required
        />
        <PasswordInput
          label={t("password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
        />
      </Stack>
    </Confirm>
  );
}

function Joining({ protocol, chosen, onChange }: { protocol: Protocol; chosen: number[]; onChange: (ids: number[]) => void }) {
  const slug = useSlug();
  const choices = api.useQuery("get", "/api/v1/studies/{slug}/protocols/choices", { params: { path: { slug } } });
  const there = new Set(protocol.assigned.map(({ id }) => id));
  const others = choices.data?.surgeons.filter(({ id, other_roles }) => !there.has(id) && other_roles.length === 0) ?? [];
  if (others.length === 0) return null;
  return (
    <Checkbox.Group label={t("new_readers")} value={chosen.map(String)} onChange={(ids) => onChange(ids.map(Number))}>
      <Stack gap={6} mt="xs">
        {others.map(({ id, name, email }) => (
          <Checkbox key={id} value={String(id)} label={`${name} · ${email}`} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
