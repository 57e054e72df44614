import { ActionIcon, Badge, Group, Progress, Table, Text, Tooltip } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { dateTime, number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { type Protocol, type Reader, readerState } from "./progress";
import { t } from "./text";
import { protocolAddress } from "./useProtocols";

const COLOURS = { signed: "teal", ready_to_sign: "petrol", not_begun: "gray", open: "gray", to_come: "gray" } as const;

export function ReadersTable({ protocol, isAdministrator }: { protocol: Protocol; isAdministrator: boolean }) {
  return (
    <Table horizontalSpacing="md" className="numbers" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("reader")}</Table.Th>
          <Table.Th ta="right" w={90}>{t("session")}</Table.Th>
          <Table.Th w="30%">{t("progress")}</Table.Th>
          <Table.Th ta="right" w={110}>{t("left")}</Table.Th>
          <Table.Th w={200}>{t("state")}</Table.Th>
          {isAdministrator && <Table.Th w={170}>{t("seed_and_trail")}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {protocol.readers.map((reader) => (
          <ReaderRow key={`${reader.reader_id} ${reader.number}`} protocol={protocol} reader={reader} isAdministrator={isAdministrator} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ReaderRow({ protocol, reader, isAdministrator }: { protocol: Protocol; reader: Reader; isAdministrator: boolean }) {
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
      <Table.Td>{state === "to_come" ? <WhenToCome reader={reader} /> : <Bar reader={reader} cases={cases} />}</Table.Td>
      <Table.Td ta="right">{state === "to_come" ? "–" : number(reader.total - reader.done)}</Table.Td>
      <Table.Td>
        <Badge color={COLOURS[state]}>{t(state)}</Badge>
      </Table.Td>
      {isAdministrator && (
        <Table.Td>
          <SeedAndTrail protocol={protocol} reader={reader} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function Bar({ reader, cases }: { reader: Reader; cases: string }) {
  return (
    <Group gap="sm" wrap="nowrap">
      <Progress
        flex={1}
        value={reader.total ? (100 * reader.done) / reader.total : 0}
        color={reader.state === "signed" ? "teal" : undefined}
        aria-label={`${reader.reader}: ${cases}`}
      />
      <span>{cases}</span>
    </Group>
  );
}

function WhenToCome({ reader }: { reader: Reader }) {
  return (
    <Text size="sm" className="muted">
      {reader.available_from ? t("available_from", { when: dateTime(reader.available_from) }) : t("after_the_one_before")}
    </Text>
  );
}

/** The order's seed once nobody can use it any more, and everything that happened in the session. */
function SeedAndTrail({ protocol, reader }: { protocol: Protocol; reader: Reader }) {
  const slug = useSlug();
  if (reader.session === null) return null;
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" className="numbers muted" truncate maw={110} title={t("seed_about")}>
        {reader.seed === null ? t("seed_hidden") : String(reader.seed)}
      </Text>
      <Tooltip label={t("trail")}>
        <ActionIcon
          component="a"
          href={`${protocolAddress(slug, protocol.id)}/sessions/${reader.session}/audit`}
          variant="subtle"
          color="gray"
          aria-label={`${t("trail")}: ${reader.reader}, ${reader.number}`}
        >
          <IconFileText size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
