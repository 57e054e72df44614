import { Badge, Button, Checkbox, Group, Progress, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { type Column, Confirm, DataTable, Panel, When } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type Notes = Schemas["Notes"];
type Share = Notes["people"][number];
const NOTES = "/api/v1/studies/{slug}/notes";

/** Both answers of the server are the whole page anew. */
function useAssigning() {
  const slug = useSlug();
  const queries = useQueryClient();
  const path = { params: { path: { slug } } };
  const show = (fresh: Notes) => queries.setQueryData(api.queryOptions("get", NOTES, path).queryKey, fresh);
  const assign = api.useMutation("post", `${NOTES}/assign`, { onSuccess: show });
  const withdraw = api.useMutation("post", `${NOTES}/withdraw`, { onSuccess: show });
  return {
    assign: (abstractors: number[]) => assign.mutateAsync({ ...path, body: { abstractors } }),
    withdraw: (abstractor: number) => withdraw.mutateAsync({ ...path, body: { abstractor } }),
  };
}

export function PeoplePanel({ data }: { data: Notes }) {
  const [assigning, setAssigning] = useState(false);
  const [taking, setTaking] = useState<Share | null>(null);
  const { withdraw } = useAssigning();
  const { people, may_assign: mayAssign, progress } = data;
  const free = progress ? 2 * progress.notes - people.reduce((sum, { places }) => sum + places, 0) : 0;
  return (
    <Panel
      title={t("people.title")}
      lead={mayAssign ? (free > 0 ? t("people.lead", { count: free }) : t("people.lead_full")) : t("people.lead_own")}
      actions={mayAssign && <Button onClick={() => setAssigning(true)}>{t("assign.action")}</Button>}
      flush
    >
      <DataTable
        rows={people}
        columns={columns(mayAssign ? setTaking : null)}
        rowKey={({ person }) => person.id}
        filterable={false}
        empty={t("people.none")}
      />
      {mayAssign && <AssignNotes people={people} free={free} opened={assigning} onClose={() => setAssigning(false)} />}
      <Confirm
        opened={taking !== null}
        onClose={() => setTaking(null)}
        title={t("withdraw.title")}
        confirm={t("withdraw.now")}
        onConfirm={() => withdraw(taking!.person.id)}
      >
        <Text size="sm">{taking && t("withdraw.detail", { name: taking.person.name, count: taking.places - taking.read })}</Text>
      </Confirm>
    </Panel>
  );
}

function columns(onWithdraw: ((share: Share) => void) | null): Column<Share>[] {
  const shown: Column<Share>[] = [
    {
      key: "person",
      label: t("people.person"),
      value: ({ person }) => person.name,
      show: ({ person, is_abstractor: reads }) => (
        <Group gap={6}>
          {person.name}
          {!reads && <Badge variant="outline">{t("people.no_right")}</Badge>}
        </Group>
      ),
    },
    { key: "places", label: t("people.places"), value: ({ places }) => places, number: true },
    { key: "read", label: t("people.read"), value: ({ read }) => read, number: true },
    {
      key: "share",
      label: t("people.share"),
      value: ({ places, read }) => (places ? read / places : 0),
      show: ({ person, places, read }) => (
        <Progress value={places ? (100 * read) / places : 0} size={6} aria-label={t("people.share_of", { name: person.name })} />
      ),
      width: 200,
    },
    {
      key: "last",
      label: t("people.last"),
      value: ({ last_read_at: at }) => at,
      show: ({ last_read_at: at }) => (at ? <When at={at} /> : "–"),
      wideOnly: true,
    },
  ];
  if (!onWithdraw) return shown;
  const act: Column<Share> = {
    key: "withdraw",
    label: t("withdraw.now"),
    value: () => null,
    sortable: false,
    width: 150,
    show: (share) =>
      share.places > share.read && (
        <Button size="compact-xs" variant="default" onClick={() => onWithdraw(share)}>
          {t("withdraw.action", { count: share.places - share.read })}
        </Button>
      ),
  };
  return [...shown, act];
}

interface AssignNotesProps {
  people: readonly Share[];
  free: number;
  opened: boolean;
  onClose: () => void;
}

function AssignNotes({ people, free, opened, onClose }: AssignNotesProps) {
  const abstractors = people.filter(({ is_abstractor: reads }) => reads);
  const [chosen, setChosen] = useState<string[]>([]);
  const { assign } = useAssigning();
  const send = async () => {
    const before = new Map(people.map(({ person, places }) => [person.id, places]));
    const fresh = await assign(chosen.map(Number));
    const list = fresh.people
      .filter(({ person, places }) => places > (before.get(person.id) ?? 0))
      .map(({ person, places }) => t("assign.got", { name: person.name, count: places - (before.get(person.id) ?? 0) }));
    notifications.show({ message: list.length ? list.join(" · ") : t("assign.nothing") });
    setChosen([]);
  };
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t("assign.title")}
      confirm={t("assign.now")}
      onConfirm={send}
      disabled={chosen.length === 0 || free === 0}
    >
      <Stack gap="sm">
        <Text size="sm">{free > 0 ? t("assign.detail", { count: free }) : t("assign.full")}</Text>
        {abstractors.length === 0 && <Text size="sm">{t("assign.nobody")}</Text>}
        <Checkbox.Group label={t("assign.who")} value={chosen} onChange={setChosen}>
          <Stack gap={6} mt={6}>
            {abstractors.map(({ person, places }) => (
              <Checkbox key={person.id} value={String(person.id)} label={t("assign.person", { name: person.name, places: number(places) })} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Stack>
    </Confirm>
  );
}
