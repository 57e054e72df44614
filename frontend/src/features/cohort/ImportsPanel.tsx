import { Table, Text } from "@mantine/core";
import { IconTableImport } from "@tabler/icons-react";
import { api, type Schemas } from "@/shared/api";
import { LinkButton, Loaded, Panel, TextLink, When } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type RegistryImport = Schemas["RegistryImport"];
const SHOWN = 5;
const NUMBERS = ["rows", "new", "changed", "refused"] as const;

/** What was imported into the registry lately; everything about an import stands on its own page. */
export function ImportsPanel() {
  const slug = useSlug();
  const imports = api.useQuery("get", "/api/v1/studies/{slug}/registry/imports", { params: { path: { slug } } });
  return (
    <Panel
      title={t("imports.title")}
      lead={t("imports.lead")}
      actions={
        <LinkButton to={`/studies/${slug}/registry`} variant="default" size="xs" leftSection={<IconTableImport size={14} />}>
          {t("imports.open")}
        </LinkButton>
      }
      flush
    >
      <Loaded query={imports}>
        {(records) => {
          const applied = records.filter(({ phase }) => phase === "applied");
          return applied.length === 0 ? (
            <Text className="muted" p="md">
              {t("imports.none")}
            </Text>
          ) : (
            <Imports slug={slug} records={applied.slice(0, SHOWN)} />
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Imports({ slug, records }: { slug: string; records: readonly RegistryImport[] }) {
  return (
    <Table horizontalSpacing="md" verticalSpacing={6} className="numbers">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("imports.import")}</Table.Th>
          <Table.Th>{t("imports.by")}</Table.Th>
          {NUMBERS.map((key) => (
            <Table.Th key={key} ta="right">
              {t(`imports.${key}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {records.map(({ id, finished_at: at, requested_by: person, counts }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <TextLink to={`/studies/${slug}/registry/${id}`}>{t("imports.number", { id: String(id) })}</TextLink>{" "}
              <span className="muted">{at && <When at={at} />}</span>
            </Table.Td>
            <Table.Td>{person ?? t("imports.unknown_person")}</Table.Td>
            {NUMBERS.map((key) => (
              <Table.Td key={key} ta="right">
                {number(counts.reduce((sum, row) => sum + row[key], 0))}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
