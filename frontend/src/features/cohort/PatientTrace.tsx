import { Badge, Table, Text, Title } from "@mantine/core";
import { api, type Schemas } from "@/shared/api";
import { Loaded } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { meaningOf } from "./codes";
import { DecisionTrace } from "./DecisionTrace";
import { t, wordOf } from "./text";

type TraceRow = Schemas["TraceRow"];

/** Everything the registry says of one patient, in order, by days. */
export function PatientTrace({ pseudonym }: { pseudonym: string }) {
  const slug = useSlug();
  const trace = api.useQuery("get", "/api/v1/studies/{slug}/registry/patients/{pseudonym}", {
    params: { path: { slug, pseudonym } },
  });
  return (
    <Loaded query={trace} height={320}>
      {({ sex, birth_year: year, site, rows, decision }) => (
        <>
          <Title order={2}>{t("trace.title", { pseudonym })}</Title>
          <Text size="sm" mt={2}>
            {t("trace.facts", { sex: t(`sex.${sex as "F" | "M" | "O"}`), year: String(year), site })}
          </Text>
          {decision && <DecisionTrace decision={decision} rows={rows} />}
          <Title order={3} mt="md">
            {t("trace.rows")}
          </Title>
          <Text size="sm" className="muted" mb="xs">
            {t("trace.days")}
          </Text>
          {rows.length === 0 ? <Text>{t("trace.empty")}</Text> : <TraceTable rows={rows} />}
        </>
      )}
    </Loaded>
  );
}

function TraceTable({ rows }: { rows: readonly TraceRow[] }) {
  return (
    <Table stickyHeader>
      <Table.Thead>
        <Table.Tr>
          <Table.Th className="number">{t("trace.number")}</Table.Th>
          <Table.Th className="number">{t("trace.day")}</Table.Th>
          <Table.Th>{t("trace.kind")}</Table.Th>
          <Table.Th>{t("trace.side")}</Table.Th>
          <Table.Th>{t("trace.code")}</Table.Th>
          <Table.Th>{t("trace.meaning")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.number}>
            <Table.Td className="number muted">{number(row.number)}</Table.Td>
            <Table.Td className="number">{number(row.day)}</Table.Td>
            <Table.Td>
              <Badge miw="max-content" variant={row.kind === "procedure" ? "light" : "outline"} color={row.kind === "follow_up" ? "gray" : undefined}>
                {t(`kind.${row.kind}`)}
              </Badge>
            </Table.Td>
            <Table.Td>{row.side && t(`side.${row.side as "R" | "L"}`)}</Table.Td>
            <Table.Td>{row.kind === "follow_up" ? "" : row.code}</Table.Td>
            <Table.Td>
              {row.kind === "follow_up" ? wordOf("complication", row.code) : meaningOf(row.code)}
              {row.detail && (
                <Text size="xs" className="muted">
                  {row.kind === "procedure" ? t("trace.fixation", { detail: row.detail }) : row.detail}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
