import { Alert, Button, FileInput, Group, List, Stack, Table, Text, Textarea, TextInput } from "@mantine/core";
import { IconFileTypeCsv } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { api, asApiError, type Schemas, uploadFiles } from "@/shared/api";
import { Confirm, ErrorNotice, Page, Panel } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type Brought = Schemas["BroughtMap"];
const MAP = "/api/v1/studies/{slug}/identifier-map";
const COLUMNS = ["identifier", "file", "patient_id", "side", "view", "acquired_on"] as const;
const SHOWN = 20;

export function Component() {
  return (
    <Page title={t("map.title")} lead={t("map.lead")}>
      <Bring />
      <Reveal />
      <Look />
    </Page>
  );
}

function Bring() {
  const slug = useSlug();
  const [file, setFile] = useState<File | null>(null);
  const [brought, setBrought] = useState<Brought | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    if (!file) return;
    setBusy(true);
    setError(null);
    const form = new FormData();
    form.append("file", file, "map.csv");
    try {
      setBrought(await uploadFiles<Brought>(`/api/v1/studies/${slug}/identifier-map`, form));
      setFile(null);
    } catch (failure) {
      setBrought(null);
      setError(asApiError(failure));
    }
    setBusy(false);
  };
  return (
    <Panel title={t("map.bring")} lead={t("map.bring_lead")}>
      <Stack gap="sm">
        <Text size="sm" component="pre" style={{ margin: 0, fontFamily: "var(--mantine-font-family-monospace)" }}>
          {t("map.example")}
        </Text>
        <Group align="flex-end">
          <FileInput
            w={340}
            label={t("map.file")}
            placeholder={t("map.choose")}
            styles={{ placeholder: { color: "var(--lucency-muted)" } }}
            accept=".csv,text/csv"
            clearable
            leftSection={<IconFileTypeCsv size={16} />}
            value={file}
            onChange={setFile}
          />
          <Button disabled={!file} loading={isBusy} onClick={() => void send()}>
            {t("map.add")}
          </Button>
          <RemoveAll />
        </Group>
        <ErrorNotice error={error} />
        {brought && <Result brought={brought} />}
      </Stack>
    </Panel>
  );
}

function Result({ brought }: { brought: Brought }) {
  const { refused, linked, ...counts } = brought;
  return (
    <Alert variant="light" color={refused.length ? "orange" : "teal"} title={t("map.brought", { ...counts, refused: refused.length })}>
      <Text size="sm">{t("map.linked", { count: linked })}</Text>
      <List size="sm" mt={4}>
        {refused.slice(0, SHOWN).map(({ line, column, reason }) => (
          <List.Item key={line}>{t("map.refused", { line, column: column || t("map.row"), reason })}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function RemoveAll() {
  const slug = useSlug();
  const [asking, setAsking] = useState(false);
  const remove = api.useMutation("delete", MAP);
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t("map.remove")}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("map.remove")}
        confirm={t("map.remove")}
        onConfirm={async () => {
          await remove.mutateAsync({ params: { path: { slug } } });
        }}
        danger
      >
        <Text>{t("map.remove_detail")}</Text>
      </Confirm>
    </>
  );
}

function Reveal() {
  const slug = useSlug();
  const [patient, setPatient] = useState("");
  const [reason, setReason] = useState("");
  const reveal = api.useMutation("post", `${MAP}/reveal`);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reveal.mutate({ params: { path: { slug } }, body: { patient: patient.trim(), reason: reason.trim() } });
  };
  return (
    <Panel title={t("map.reveal")} lead={t("map.on_record")}>
      <form onSubmit={submit}>
        <Stack gap="sm" maw={560}>
          <TextInput label={t("column.patient")} placeholder="P-…" value={patient} onChange={(event) => setPatient(event.currentTarget.value)} />
          <Textarea label={t("linking.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={500} autosize />
          <Group>
            <Button type="submit" variant="default" disabled={!patient.trim() || !reason.trim()} loading={reveal.isPending}>
              {t("map.reveal_now")}
            </Button>
            {reveal.data && <Text fw={600}>{reveal.data.identifier}</Text>}
          </Group>
          <ErrorNotice error={reveal.error} />
        </Stack>
      </form>
    </Panel>
  );
}

/** Asked for by a click, because a look is on record: a page that is only passed by shows nothing. */
function Look() {
  const slug = useSlug();
  const [isOpen, setOpen] = useState(false);
  const lines = api.useQuery(
    "get",
    MAP,
    { params: { path: { slug }, query: { limit: 200 } } },
    { enabled: isOpen, staleTime: Infinity, gcTime: 0 },
  );
  return (
    <Panel title={t("map.lines")} lead={t("map.on_record")} flush={lines.data !== undefined}>
      {!lines.data && (
        <Button variant="default" loading={lines.isFetching} onClick={() => setOpen(true)}>
          {t("map.show")}
        </Button>
      )}
      <ErrorNotice error={lines.error} />
      {lines.data && (
        <>
          <Text size="sm" className="muted" px="md" pb="xs">
            {t("map.count", { count: lines.data.count, shown: lines.data.results.length })}
          </Text>
          <Table horizontalSpacing="md" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                {COLUMNS.map((name) => (
                  <Table.Th key={name}>{name}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lines.data.results.map((line) => (
                <Table.Tr key={line.identifier + line.file}>
                  {COLUMNS.map((name) => (
                    <Table.Td key={name}>{line[name]}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
    </Panel>
  );
}
