import { ActionIcon, Badge, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { type Column, Confirm, DataTable, Loaded, Page, Panel, When } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { GrantForm } from "./GrantForm";
import { Invitations } from "./Invitations";
import { type Member, membersOf } from "./members";
import { t } from "./text";
import classes from "./people.module.css";

type Role = Schemas["Membership"]["role"];
interface Held {
  person: Member["person"];
  role: Role;
}

const ROLES: readonly Role[] = ["administrator", "coordinator", "abstractor", "adjudicator", "identifier_keeper", "researcher", "surgeon"];

/** The list is put in the place of the one before it, as the server answered it. */
function usePeople() {
  const slug = useSlug();
  const queries = useQueryClient();
  const options = api.queryOptions("get", "/api/v1/studies/{slug}/people", { params: { path: { slug } } });
  const replace = (people: Schemas["Membership"][]) => queries.setQueryData(options.queryKey, people);
  return { slug, replace };
}

export function Component() {
  const { slug, replace } = usePeople();
  const people = api.useQuery("get", "/api/v1/studies/{slug}/people", { params: { path: { slug } } });
  const session = api.useQuery("get", "/api/v1/session");
  const me = session.data?.person?.id;
  const [leaving, setLeaving] = useState<Held | null>(null);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Panel title={t("grant_title")} lead={t("grant_lead")}>
        <GrantForm slug={slug} roles={ROLES} onGranted={replace} />
      </Panel>
      <Invitations roles={ROLES} />
      <Panel flush>
        <Loaded query={people}>
          {(memberships) => (
            <DataTable
              rows={membersOf(memberships)}
              columns={columns(me, setLeaving)}
              rowKey={({ person }) => person.id}
              exportName={`${slug}-people`}
            />
          )}
        </Loaded>
      </Panel>
      <Panel title={t("what_roles")}>
        <dl className={classes.roles}>
          {ROLES.map((role) => (
            <div key={role}>
              <dt>{common(`role.${role}`)}</dt>
              <dd>{t(`about.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <WithdrawDialog held={leaving} isMe={leaving?.person.id === me} onClose={() => setLeaving(null)} onDone={replace} />
    </Page>
  );
}

function columns(me: number | undefined, onWithdraw: (held: Held) => void): Column<Member>[] {
  return [
    {
      key: "name",
      label: t("name"),
      value: ({ person }) => person.name,
      show: ({ person }) => (
        <Group gap={6}>
          {person.name}
          {person.id === me && <Badge>{t("you")}</Badge>}
          {person.is_simulated && (
            <Badge color="gray" title={t("simulated_about")}>
              {t("simulated")}
            </Badge>
          )}
        </Group>
      ),
    },
    { key: "email", label: t("email"), value: ({ person }) => person.email },
    {
      key: "roles",
      label: t("roles"),
      value: ({ roles }) => roles.join(", "),
      show: ({ person, roles }) => (
        <Group gap={6}>
          {roles.map((role) => (
            <span key={role} className={classes.role}>
              {common(`role.${role}`)}
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                onClick={() => onWithdraw({ person, role })}
                aria-label={t("withdraw", { role: common(`role.${role}`), name: person.name })}
                title={t("withdraw_now")}
              >
                <IconX size={14} />
              </ActionIcon>
            </span>
          ))}
        </Group>
      ),
    },
    { key: "since", label: t("since"), value: ({ since }) => since, show: ({ since }) => <When at={since} />, width: 150 },
  ];
}

interface WithdrawDialogProps {
  held: Held | null;
  isMe: boolean;
  onClose: () => void;
  onDone: (people: Schemas["Membership"][]) => void;
}

function WithdrawDialog({ held, isMe, onClose, onDone }: WithdrawDialogProps) {
  const { slug } = usePeople();
  const withdraw = api.useMutation("post", "/api/v1/studies/{slug}/people/withdraw", { onSuccess: onDone });
  const name = held?.person.name ?? "";
  const role = held ? common(`role.${held.role}`).toLowerCase() : "";
  const act = async () => {
    if (!held) return;
    await withdraw.mutateAsync({ params: { path: { slug } }, body: { email: held.person.email, role: held.role } });
    notifications.show({ message: t("withdrawn", { name, role }) });
  };
  return (
    <Confirm opened={held !== null} onClose={onClose} title={t("withdraw_title")} confirm={t("withdraw_now")} danger onConfirm={act}>
      <Stack gap="xs">
        <Text size="sm">{t("withdraw_detail", { name, role })}</Text>
        {held?.role === "surgeon" && <Text size="sm">{t("withdraw_surgeon")}</Text>}
        {isMe && (
          <Text size="sm" fw={600}>
            {t("withdraw_yourself")}
          </Text>
        )}
      </Stack>
    </Confirm>
  );
}
