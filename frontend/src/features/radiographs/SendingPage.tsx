import { Alert, Badge, Button, Code, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { type Column, Confirm, DataTable, EmptyState, ErrorNotice, Loaded, Page, Panel, When } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type Token = Schemas["SendingToken"];
const TOKENS = "/api/v1/studies/{slug}/sending-tokens";

export function Component() {
  const slug = useSlug();
  const queries = useQueryClient();
  const tokens = api.useQuery("get", TOKENS, { params: { path: { slug } } });
  const { queryKey } = api.queryOptions("get", TOKENS, { params: { path: { slug } } });
  const changed = () => void queries.invalidateQueries({ queryKey });
  return (
    <Page title={t("sending.title")} lead={t("sending.lead")}>
      <NewToken onCreated={changed} />
      <Panel title={t("sending.tokens")} flush>
        <Loaded query={tokens}>
          {(rows) => (
            <DataTable
              rows={rows}
              columns={columns(changed)}
              rowKey={({ id }) => id}
              filterable={false}
              empty={<EmptyState title={t("sending.none")} detail={t("sending.none_detail")} />}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

function NewToken({ onCreated }: { onCreated: () => void }) {
  const slug = useSlug();
  const [name, setName] = useState("");
  const create = api.useMutation("post", TOKENS, {
    onSuccess: () => {
      setName("");
      onCreated();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ params: { path: { slug } }, body: { name: name.trim() } });
  };
  return (
    <Panel title={t("sending.new")} lead={t("sending.new_lead")}>
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput w={320} label={t("sending.name")} value={name} maxLength={80} onChange={(event) => setName(event.currentTarget.value)} />
          <Button type="submit" disabled={!name.trim()} loading={create.isPending}>
            {t("sending.create")}
          </Button>
        </Group>
      </form>
      <ErrorNotice error={create.error} />
      {create.data && (
        <Alert mt="md" color="petrol" title={t("sending.once")}>
          <Stack gap={6}>
            <Copied label={t("sending.address")} value={create.data.address} />
            <Copied label={t("sending.token")} value={create.data.token} />
            <Text size="sm">{t("sending.how")}</Text>
          </Stack>
        </Alert>
      )}
    </Panel>
  );
}

function Copied({ label, value }: { label: string; value: string }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" w={70}>
        {label}
      </Text>
      <Code style={{ overflowWrap: "anywhere" }}>{value}</Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy}>
            {t(copied ? "sending.copied" : "sending.copy")}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}

function columns(changed: () => void): Column<Token>[] {
  return [
    { key: "name", label: t("sending.name"), value: ({ name }) => name },
    {
      key: "state",
      label: t("sending.state"),
      width: 130,
      value: ({ withdrawn_at: at }) => t(at ? "sending.withdrawn" : "sending.valid"),
      show: ({ withdrawn_at: at }) => <Badge color={at ? "gray" : "teal"}>{t(at ? "sending.withdrawn" : "sending.valid")}</Badge>,
    },
    { key: "by", label: t("batches.by"), value: ({ created_by: by }) => by },
    { key: "created", label: t("sending.created"), value: (row) => row.created_at, show: (row) => <When at={row.created_at} /> },
    {
      key: "used",
      label: t("sending.used"),
      value: (row) => row.last_used_at,
      show: (row) => (row.last_used_at ? <When at={row.last_used_at} /> : t("sending.never")),
    },
    { key: "withdraw", label: t("sending.action"), width: 130, sortable: false, value: () => "", show: (row) => <Withdraw token={row} onWithdrawn={changed} /> },
  ];
}

function Withdraw({ token, onWithdrawn }: { token: Token; onWithdrawn: () => void }) {
  const slug = useSlug();
  const [asking, setAsking] = useState(false);
  const withdraw = api.useMutation("post", `${TOKENS}/{token_id}/withdraw`);
  if (token.withdrawn_at) return null;
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
        {t("sending.withdraw")}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("sending.withdraw_title", { name: token.name })}
        confirm={t("sending.withdraw")}
        onConfirm={async () => {
          await withdraw.mutateAsync({ params: { path: { slug, token_id: token.id } } });
          onWithdrawn();
        }}
        danger
      >
        <Text>{t("sending.withdraw_detail")}</Text>
      </Confirm>
    </>
  );
}
