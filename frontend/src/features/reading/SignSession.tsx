import { Button, Group, PasswordInput, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { api, asApiError } from "@/shared/api";
import { ErrorNotice, Loaded } from "@/shared/components";
import type { Session } from "./calls";
import { isWhole, useMyReads } from "./myReads";
import { ReadsTable } from "./ReadsTable";
import { Sheet } from "./Sheet";
import { t } from "./text";
import classes from "./reading.module.css";

interface SignSessionProps {
  session: Session;
  onSigned: (fresh: Session) => void;
  goTo: (position: number) => void;
}

/** All answers once more, and the signature over them. */
export function SignSession({ session, onSigned, goTo }: SignSessionProps) {
  const reads = useMyReads(session);
  const isFree = session.navigation === "free";
  const open = reads.data?.filter((read) => !isWhole(session.form, read)).length ?? 0;
  const again = session.places.filter((place) => place.look_again).length;
  const count = session.total;
  return (
    <Sheet
      title={t(isFree ? "summary.title" : "sign.title")}
      lead={isFree ? t("summary.lead", { done: count - open, total: count, again }) : t("sign.lead", { count })}
      wide
    >
      <div className={classes.signing}>
        <div>
          <Loaded query={reads}>
            {(list) => (
              <ReadsTable
                session={session}
                reads={list}
                goTo={isFree ? goTo : null}
                onCorrected={() => void reads.refetch()}
              />
            )}
          </Loaded>
        </div>
        <SignForm session={session} onSigned={onSigned} open={open} />
      </div>
    </Sheet>
  );
}

function SignForm({ session, onSigned, open }: Omit<SignSessionProps, "goTo"> & { open: number }) {
  const person = api.useQuery("get", "/api/v1/session", {}, { staleTime: 5 * 60_000 }).data?.person;
  const isFree = session.navigation === "free";
  const [meaning, setMeaning] = useState(t("sign.meaning_default"));
  const [password, setPassword] = useState("");
  const sign = api.useMutation("post", "/api/v1/reading/sessions/{session_id}/sign", { onSuccess: onSigned });
  const refused = sign.error ? asApiError(sign.error) : null;
  return (
      <form
        className={classes.signForm}
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
            {open > 0 ? t("sign.open", { count: open }) : t(isFree ? "sign.hint_free" : "sign.hint")}
          </Text>
          {refused && refused.details.length === 0 && <ErrorNotice error={refused} />}
          <Group>
            <Button type="submit" size="md" loading={sign.isPending} disabled={open > 0 || !password || !meaning.trim()}>
              {t("sign.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
  );
}
