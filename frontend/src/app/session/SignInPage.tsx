import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { api } from "@/shared/api";
import { ErrorNotice, useTitle } from "@/shared/components";
import { Mark } from "../shell/Mark";
import { t } from "../text";
import classes from "./SignInPage.module.css";
import { useTakeSession } from "./useTakeSession";

interface SignInPageProps {
  demo: boolean;
  again: boolean;
}

export function SignInPage({ demo, again }: SignInPageProps) {
  useTitle(t("sign_in.title"));
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const takeSession = useTakeSession();
  const signIn = api.useMutation("post", "/api/v1/session/sign-in", { onSuccess: takeSession });
  return (
    <main className={classes.page}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ body: { email, password } });
        }}
      >
        <Mark size={40} />
        <Title order={1} mt="md">
          {t("sign_in.title")}
        </Title>
        <Text className="muted" mt={4} mb="lg">
          {again ? t("sign_in.again") : t("sign_in.lead")}
        </Text>
        <Stack gap="sm">
          <TextInput
            label={t("sign_in.email")}
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t("sign_in.password")}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ErrorNotice error={signIn.error} />
          <Button type="submit" loading={signIn.isPending} mt="xs" size="md">
            {t("sign_in.submit")}
          </Button>
        </Stack>
        {demo && (
          <Alert variant="light" color="gray" mt="lg">
            {t("sign_in.demo")}
          </Alert>
        )}
      </form>
    </main>
  );
}
