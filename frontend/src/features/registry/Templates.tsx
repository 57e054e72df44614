import { Accordion, Badge, Button, Group, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { api, type Schemas } from "@/shared/api";
import { Loaded, Panel } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { kindWord } from "./imports";
import { t } from "./text";

/** The kinds of files with their columns, and an empty file of each to fill in. */
export function Templates() {
  const slug = useSlug();
  const kinds = api.useQuery("get", "/api/v1/studies/{slug}/registry/kinds", { params: { path: { slug } } });
  return (
    <Panel title={t("templates")} lead={t("templates_lead")}>
      <Loaded query={kinds}>
        {(loaded) => (
          <Accordion variant="contained" chevronPosition="left">
            {loaded.map((kind) => (
              <Accordion.Item key={kind.name} value={kind.name}>
                <Group wrap="nowrap" gap="xs" pr="sm">
                  <Accordion.Control>
                    <Text fw={600} size="sm" component="span">
                      {kindWord(kind.name)}
                    </Text>
                    <Text size="sm" className="muted" component="span">
                      {" " + kind.about}
                    </Text>
                  </Accordion.Control>
                  <Button
                    component="a"
                    href={`/api/v1/studies/${slug}/registry/templates/${kind.name}.csv`}
                    download
                    variant="default"
                    size="xs"
                    leftSection={<IconDownload size={14} />}
                    aria-label={t("template_of", { kind: kindWord(kind.name) })}
                    style={{ flexShrink: 0 }}
                  >
                    {t("template")}
                  </Button>
                </Group>
                <Accordion.Panel>
                  <Columns kind={kind} />
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )}
      </Loaded>
    </Panel>
  );
}

function Columns({ kind }: { kind: Schemas["FileKind"] }) {
  return (
    <Table verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("column")}</Table.Th>
          <Table.Th>{t("meaning")}</Table.Th>
          <Table.Th>{t("example")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {kind.columns.map((column) => (
          <Table.Tr key={column.name}>
            <Table.Td>
              <code>{column.name}</code>
              {!column.is_required && (
                <Badge color="gray" variant="light" ml="xs">
                  {t("optional")}
                </Badge>
              )}
            </Table.Td>
            <Table.Td>{column.about}</Table.Td>
            <Table.Td>
              <code>{column.example}</code>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
