import { Button, Group, PasswordInput, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { api, asApiError } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import type { Session } from "./calls";
import { Sheet } from "./Sheet";
import { t } from "./text";

export function SignSession({ session, onSigned }: { session: Session; onSigned: (fresh: Session) => void }) {
  const person = api.useQuery("get", "/api/v1/session", {}, { staleTime: 5 * 60_000 }).data?.person;
  const [meaning, setMeaning] = useState(t("sign.meaning_default"));
  const [password, setPassword] = useState("");
  const sign = api.useMutation("post", "/api/v1/reading/sessions/{session_id}/sign", { onSuccess: onSigned });
  const refused = sign.error ? asApiError(sign.error) : null;
  return (
    <Sheet title={t("sign.title")} lead={t("sign.lead", { count: session.total })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          sign.mutate({ params: { path: { session_id: session.id } }, body: { meaning, password } });
        }}
      >
        <Stack gap="md">
          <TextInput label={t("sign.name")} value={person?.name ?? ""} readOnly />
          <Textarea
            label={t("sign.meaning")}
            autosize
            minRows={2}
            maxLength={300}
            value={meaning}
            error={refused?.forField("meaning") && refused.message}
            onChange={(event) => setMeaning(event.currentTarget.value)}
          />
          <PasswordInput
            label={t("sign.password")}
            autoComplete="current-password"
            value={password}
            error={refused?.forField("password") && refused.message}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Text size="sm" className="muted">
            {t("sign.hint")}
          </Text>
          {refused && refused.details.length === 0 && <ErrorNotice error={refused} />}
          <Group>
            <Button type="submit" size="md" loading={sign.isPending} disabled={!password || !meaning.trim()}>
              {t("sign.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Sheet>
  );
}
