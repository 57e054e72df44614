import { Alert, Badge, Button, Group, Progress, Table, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconClock, IconEye } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "@/shared/api";
import { EmptyState, Loaded, Page, Panel } from "@/shared/components";
import { dateTime, number } from "@/shared/messages";
import { partWord } from "@/shared/runs";
import { useStudy } from "@/shared/study";
import { type Protocol, type Reader, readerState, unsigned } from "./progress";
import { t } from "./text";
import { UnblindDialog } from "./UnblindDialog";

export function Component() {
  const study = useStudy();
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/protocols",
    { params: { path: { slug: study.slug } } },
    { refetchInterval: 15_000, staleTime: 0 },
  );
  const mayUnblind = study.roles.includes("administrator");
  return (
    <Page title={t("title")} lead={t("lead")}>
      {!mayUnblind && <Text className="muted">{t("only_administrators")}</Text>}
      <Loaded query={query} height={320}>
        {(protocols) =>
          protocols.length === 0 ? (
            <Panel>
              <EmptyState title={t("empty")} detail={t("empty_detail")} />
            </Panel>
          ) : (
            protocols.map((protocol) => <OneProtocol key={protocol.id} protocol={protocol} mayUnblind={mayUnblind} />)
          )
        }
      </Loaded>
    </Page>
  );
}

function OneProtocol({ protocol, mayUnblind }: { protocol: Protocol; mayUnblind: boolean }) {
  const [asking, setAsking] = useState(false);
  const open = protocol.status === "open";
  return (
    <Panel
      flush
      title={
        <Group gap="xs" component="span" display="inline-flex">
          {protocol.title}
          <Badge color={open ? "gray" : "teal"}>{t(open ? "blinded" : "unblinded")}</Badge>
        </Group>
      }
      lead={t("of_version", { part: partWord(protocol.part), number: protocol.dataset_version })}
      actions={
        open &&
        mayUnblind &&
        protocol.readers.length > 0 && (
          <Button leftSection={<IconEye size={16} />} onClick={() => setAsking(true)}>
            {t("unblind")}
          </Button>
        )
      }
    >
      <Standing protocol={protocol} />
      {protocol.readers.length > 0 && <Readers protocol={protocol} />}
      <UnblindDialog protocol={protocol} opened={asking} onClose={() => setAsking(false)} />
    </Panel>
  );
}

/** What keeps the protocol blinded, or who ended that and why. */
function Standing({ protocol }: { protocol: Protocol }) {
  if (protocol.status === "unblinded") {
    const by = protocol.unblinded_by ?? t("by_program");
    const when = protocol.unblinded_at ? dateTime(protocol.unblinded_at) : "";
    return (
      <Alert color="gray" variant="light" mx="md" mb="xs" icon={<IconEye />} title={t("unblinded_by", { name: by, when })}>
        {t("reason_was", { reason: protocol.unblinding_reason })}
      </Alert>
    );
  }
  if (protocol.readers.length === 0) return <EmptyState title={t("nobody")} />;
  const missing = unsigned(protocol);
  if (missing.length === 0) {
    return (
      <Alert color="teal" variant="light" mx="md" mb="xs" icon={<IconCheck />}>
        {t("all_signed")}
      </Alert>
    );
  }
  const names = missing.map(({ reader }) => reader).join(", ");
  return (
    <Alert color="gray" variant="light" mx="md" mb="xs" icon={<IconClock />}>
      {t("missing", { count: missing.length, all: protocol.readers.length, names })}
    </Alert>
  );
}

const COLOURS = { signed: "teal", ready_to_sign: "petrol", not_begun: "gray", open: "gray" } as const;

function Readers({ protocol }: { protocol: Protocol }) {
  return (
    <Table horizontalSpacing="md" className="numbers" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("reader")}</Table.Th>
          <Table.Th ta="right" w={90}>{t("session")}</Table.Th>
          <Table.Th w="34%">{t("progress")}</Table.Th>
          <Table.Th ta="right" w={120}>{t("left")}</Table.Th>
          <Table.Th w={190}>{t("state")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {protocol.readers.map((reader) => (
          <ReaderRow key={reader.session} reader={reader} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ReaderRow({ reader }: { reader: Reader }) {
  const state = readerState(reader);
  const cases = t("cases", { done: reader.done, total: reader.total });
  return (
    <Table.Tr>
      <Table.Td>
        {reader.reader}
        {reader.is_simulated && (
          <Tooltip label={t("simulated_about")}>
            <Badge color="gray" ml="xs">
              {t("simulated")}
            </Badge>
          </Tooltip>
        )}
      </Table.Td>
      <Table.Td ta="right">{number(reader.number)}</Table.Td>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Progress
            flex={1}
            value={reader.total ? (100 * reader.done) / reader.total : 0}
            color={state === "signed" ? "teal" : undefined}
            aria-label={`${reader.reader}: ${cases}`}
          />
          <span>{cases}</span>
        </Group>
      </Table.Td>
      <Table.Td ta="right">{number(reader.total - reader.done)}</Table.Td>
      <Table.Td>
        <Badge color={COLOURS[state]}>{t(state)}</Badge>
      </Table.Td>
    </Table.Tr>
  );
}
