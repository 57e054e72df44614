import { Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice, useTitle } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { Mark } from "../shell/Mark";
import { t } from "../text";
import classes from "./SignInPage.module.css";
import { useTakeSession } from "./useTakeSession";

/** The secret stands behind the # of the address, which no server and no log ever sees. */
const tokenOf = (hash: string): string => hash.replace(/^#/, "");

export function Component() {
  useTitle(t("invitation.title"));
  const [token] = useState(() => tokenOf(window.location.hash));
  // Answers with the cookie that the two requests below need.
  const session = api.useQuery("get", "/api/v1/session", {});
  const look = api.useMutation("post", "/api/v1/invitations/look");
  const { mutate } = look;
  const hasCookie = session.data !== undefined;
  useEffect(() => {
    if (hasCookie) mutate({ body: { token } });
  }, [mutate, hasCookie, token]);
  return (
    <main className={classes.page}>
      <div className={classes.form}>
        <Mark size={40} />
        <Title order={1} mt="md">
          {t("invitation.title")}
        </Title>
        {look.data ? <Accept invited={look.data} token={token} /> : <ErrorNotice error={look.error ?? session.error} />}
      </div>
    </main>
  );
}

function Accept({ invited, token }: { invited: Schemas["Invited"]; token: string }) {
  const [name, setName] = useState(invited.name);
  const [password, setPassword] = useState("");
  const takeSession = useTakeSession();
  const navigate = useNavigate();
  const accept = api.useMutation("post", "/api/v1/invitations/accept", {
    onSuccess: (session) => {
      takeSession(session);
      void navigate("/", { replace: true });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate({ body: { token, name: name.trim(), password } });
      }}
    >
      <Text className="muted" mt={4} mb="lg">
        {t("invitation.lead", { study: invited.study, role: common(`role.${invited.role}`).toLowerCase() })}
      </Text>
      <Stack gap="sm">
        <TextInput label={t("sign_in.email")} value={invited.email} readOnly autoComplete="username" type="email" />
        <TextInput
          label={t("invitation.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="name"
          maxLength={200}
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={t("invitation.password")}
          description={t("invitation.password_about")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          required
          withAsterisk={false}
          autoFocus
        />
        <ErrorNotice error={accept.error} />
        <Button type="submit" loading={accept.isPending} disabled={!name.trim() || !password} mt="xs" size="md">
          {t("invitation.accept")}
        </Button>
      </Stack>
    </form>
  );
}
