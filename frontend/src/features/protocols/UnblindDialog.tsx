import { Alert, Checkbox, PasswordInput, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, asApiError } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { type Protocol, unsigned } from "./progress";
import { t } from "./text";

interface UnblindDialogProps {
  protocol: Protocol;
  opened: boolean;
  onClose: () => void;
}

export function UnblindDialog({ protocol, opened, onClose }: UnblindDialogProps) {
  const slug = useSlug();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [absences, setAbsences] = useState("");
  const [password, setPassword] = useState("");
  const [understood, setUnderstood] = useState(false);
  const missing = unsigned(protocol).length;
  const unblind = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/unblind", {
    onSuccess: async () => {
      notifications.show({ message: t("done", { title: protocol.title }) });
      const list = api.queryOptions("get", "/api/v1/studies/{slug}/protocols", { params: { path: { slug } } });
      await queries.invalidateQueries({ queryKey: list.queryKey });
    },
  });
  const act = () =>
    unblind.mutateAsync({
      params: { path: { slug, protocol_id: protocol.id } },
      body: { reason: reason.trim(), absences_explained: absences.trim(), password },
    });
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t("unblind_title", { title: protocol.title })}
      confirm={t("unblind")}
      danger
      disabled={!reason.trim() || !understood || !password || (missing > 0 && !absences.trim())}
      onConfirm={act}
    >
      <Stack gap="sm">
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t("unblind_warning")}>
          {t("unblind_detail")}
        </Alert>
        <Textarea
          label={t("reason")}
          description={t("reason_about")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={1000}
          autosize
          minRows={2}
          required
          data-autofocus
        />
        {missing > 0 && (
          <>
            <Text size="sm">{t("unblind_missing", { count: missing })}</Text>
            <Textarea
              label={t("absences")}
              description={t("absences_about")}
              value={absences}
              onChange={(event) => setAbsences(event.currentTarget.value)}
              maxLength={2000}
              autosize
              minRows={2}
              required
            />
          </>
        )}
        <PasswordInput
          label={t("password")}
          description={t("password_about")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={unblind.error ? asApiError(unblind.error).forField("password") : undefined}
          autoComplete="current-password"
          required
        />
        <Checkbox
          label={t("understood")}
          checked={understood}
          onChange={(event) => setUnderstood(event.currentTarget.checked)}
        />
      </Stack>
    </Confirm>
  );
}
