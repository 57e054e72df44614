import { PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { t } from "./text";

interface SignDialogProps {
  meeting: Schemas["MeetingDetail"];
  opened: boolean;
  onClose: () => void;
  onSigned: () => void;
}

export function SignDialog({ meeting, opened, onClose, onSigned }: SignDialogProps) {
  const [passwords, setPasswords] = useState<Record<number, string>>({});
  const sign = api.useMutation("post", "/api/v1/reading/consensus/{meeting_id}/sign", { onSuccess: onSigned });
  const signatures = meeting.participants.map(({ id }) => ({ reader: id, password: passwords[id] ?? "" }));
  const act = () => sign.mutateAsync({ params: { path: { meeting_id: meeting.id } }, body: { signatures } });
  return (
    <Confirm opened={opened} onClose={onClose} title={t("sign")} confirm={t("sign")} disabled={signatures.some(({ password }) => !password)} onConfirm={act}>
      <Stack gap="sm">
        <Text size="sm">{t("sign_about")}</Text>
        {meeting.participants.map(({ id, name }) => (
          <PasswordInput
            key={id}
            label={t("password_of", { name })}
            value={passwords[id] ?? ""}
            onChange={(event) => setPasswords({ ...passwords, [id]: event.currentTarget.value })}
            autoComplete="off"
            required
          />
        ))}
      </Stack>
    </Confirm>
  );
}
