import { Button, Grid, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice, Panel } from "@/shared/components";
import { dateTime, t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type Role = Schemas["Membership"]["role"];

function useInvitations() {
  const slug = useSlug();
  const params = { params: { path: { slug } } };
  const queries = useQueryClient();
  const { queryKey } = api.queryOptions("get", "/api/v1/studies/{slug}/invitations", params);
  const list = api.useQuery("get", "/api/v1/studies/{slug}/invitations", params);
  const replace = (rows: Schemas["Invitation"][]) => queries.setQueryData(queryKey, rows);
  return { slug, list, replace };
}

/** For people without an account: a link by mail, which makes one with a single role. */
export function Invitations({ roles }: { roles: readonly Role[] }) {
  const { slug, list, replace } = useInvitations();
  const withdraw = api.useMutation("post", "/api/v1/studies/{slug}/invitations/{invitation_id}/withdraw", { onSuccess: replace });
  return (
    <Panel title={t("invite_title")} lead={t("invite_lead")}>
      <InviteForm roles={roles} onInvited={replace} />
      <ErrorNotice error={withdraw.error} />
      {list.data && list.data.length > 0 && (
        <Stack gap={6} mt="md">
          {list.data.map(({ id, name, email, role, expires_at }) => (
            <Group key={id} justify="space-between" gap="sm">
              <Text size="sm">
                {`${name} · ${email} · ${common(`role.${role}`)} · `}
                <span className="muted">{t("invite_until", { when: dateTime(expires_at) })}</span>
              </Text>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => withdraw.mutate({ params: { path: { slug, invitation_id: id } } })}
                aria-label={t("invite_withdraw_of", { name })}
              >
                {t("invite_withdraw")}
              </Button>
            </Group>
          ))}
        </Stack>
      )}
    </Panel>
  );
}

function InviteForm({ roles, onInvited }: { roles: readonly Role[]; onInvited: (rows: Schemas["Invitation"][]) => void }) {
  const slug = useSlug();
  const [values, setValues] = useState({ name: "", email: "", role: "surgeon" as Role });
  const invite = api.useMutation("post", "/api/v1/studies/{slug}/invitations", {
    onSuccess: (rows) => {
      notifications.show({ message: t("invited", { email: values.email }) });
      setValues((before) => ({ ...before, name: "", email: "" }));
      onInvited(rows);
    },
  });
  const refusal = invite.error ? asApiError(invite.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ params: { path: { slug } }, body: { ...values, name: values.name.trim(), email: values.email.trim() } });
  };
  return (
    <form onSubmit={submit}>
      <Grid align="flex-end">
        <Grid.Col span={{ base: 12, sm: 3 }}>
          <TextInput
            label={t("name")}
            required
            value={values.name}
            onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
            error={refusal?.forField("name")}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <TextInput
            label={t("email")}
            type="email"
            required
            value={values.email}
            onChange={(event) => setValues({ ...values, email: event.currentTarget.value })}
            error={refusal?.forField("email")}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 6, sm: 3 }}>
          <NativeSelect
            label={t("role")}
            value={values.role}
            onChange={(event) => setValues({ ...values, role: event.currentTarget.value as Role })}
            data={roles.map((value) => ({ value, label: common(`role.${value}`) }))}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 6, sm: 2 }}>
          <Button type="submit" loading={invite.isPending} disabled={!values.email.trim() || !values.name.trim()}>
            {t("invite_now")}
          </Button>
        </Grid.Col>
      </Grid>
      <ErrorNotice error={invite.error} />
    </form>
  );
}
