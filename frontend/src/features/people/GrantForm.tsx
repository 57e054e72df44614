import { Button, Grid, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { t } from "./text";

type Role = Schemas["Membership"]["role"];

interface GrantFormProps {
  slug: string;
  roles: readonly Role[];
  onGranted: (people: Schemas["Membership"][]) => void;
}

export function GrantForm({ slug, roles, onGranted }: GrantFormProps) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("surgeon");
  const grant = api.useMutation("post", "/api/v1/studies/{slug}/people", {
    onSuccess: (people) => {
      notifications.show({ message: t("granted", { email, role: common(`role.${role}`).toLowerCase() }) });
      setEmail("");
      onGranted(people);
    },
  });
  const refusal = grant.error ? asApiError(grant.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    grant.mutate({ params: { path: { slug } }, body: { email: email.trim(), role } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Grid align="flex-end">
          <Grid.Col span={{ base: 12, sm: 5 }}>
            <TextInput
              label={t("email")}
              type="email"
              required
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              error={refusal?.forField("email")}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 6, sm: 4 }}>
            <NativeSelect
              label={t("role")}
              value={role}
              onChange={(event) => setRole(event.currentTarget.value as Role)}
              data={roles.map((value) => ({ value, label: common(`role.${value}`) }))}
              error={refusal?.forField("role")}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 6, sm: 3 }}>
            <Button type="submit" loading={grant.isPending} disabled={!email.trim()}>
              {t("grant_now")}
            </Button>
          </Grid.Col>
        </Grid>
        <Text size="sm" className="muted">
          {t(`about.${role}`)}
        </Text>
        <ErrorNotice error={grant.error} />
      </Stack>
    </form>
  );
}
