import { Anchor, Button, Drawer, Group, Pagination, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowLeft, IconSearch } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/shared/api";
import { Loaded } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import type { Behind } from "./flowLayout";
import { PatientTrace } from "./PatientTrace";
import { t, wordOf } from "./text";

const PAGE = 50;

/** Who stands behind a box, and what the registry holds of each. */
export function FlowDrawer({ behind, onClose }: { behind: Behind | null; onClose: () => void }) {
  return (
    <Drawer
      opened={behind !== null}
      onClose={onClose}
      position="right"
      size={720}
      title={behind ? t("patients.title", { label: behind.label }) : ""}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      {behind && <Inside key={`${behind.step} ${behind.kept} ${behind.reason}`} behind={behind} />}
    </Drawer>
  );
}

function Inside({ behind }: { behind: Behind }) {
  const [pseudonym, setPseudonym] = useState<string | null>(null);
  const [page, setPage] = useState(1);
  const [search, setSearch] = useState("");
  const find = (text: string) => {
    setSearch(text);
    setPage(1);
  };
  if (pseudonym === null) {
    return (
      <>
        <TextInput
          aria-label={t("patients.search")}
          placeholder={t("patients.search")}
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => find(event.currentTarget.value)}
          maxLength={40}
          mb="xs"
          data-autofocus
        />
        <Patients behind={behind} search={search} page={page} onPage={setPage} onOpen={setPseudonym} />
      </>
    );
  }
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowLeft size={14} />}
        onClick={() => setPseudonym(null)}
        mb="xs"
      >
        {t("patients.back")}
      </Button>
      <PatientTrace pseudonym={pseudonym} />
    </>
  );
}

interface PatientsProps {
  behind: Behind;
  search: string;
  page: number;
  onPage: (page: number) => void;
  onOpen: (pseudonym: string) => void;
}

function Patients({ behind, search, page, onPage, onOpen }: PatientsProps) {
  const slug = useSlug();
  const [settled] = useDebouncedValue(search.trim(), 250);
  const { step, kept, reason } = behind;
  const query = { step, kept, reason: reason || undefined, search: settled || undefined, limit: PAGE, offset: (page - 1) * PAGE };
  const patients = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/cohort/patients",
    { params: { path: { slug }, query } },
    { placeholderData: keepPreviousData },
  );
  return (
    <Loaded query={patients} height={420}>
      {({ count, results }) => (
        <>
          <Text size="sm" className="muted numbers" mb="xs" role="status">
            {t("patients.count", { count })}
            {count > PAGE && " · "}
            {count > PAGE && t("patients.range", { from: query.offset + 1, to: query.offset + results.length, count })}
          </Text>
          {count === 0 && <Text>{settled ? t("patients.none_found") : t("patients.empty")}</Text>}
          {count > 0 && (
            <Table stickyHeader highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("patients.pseudonym")}</Table.Th>
                  <Table.Th>{t("patients.site")}</Table.Th>
                  <Table.Th>{t("patients.side")}</Table.Th>
                  <Table.Th>{t("patients.reason")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {results.map((patient) => (
                  <Table.Tr key={patient.pseudonym}>
                    <Table.Td>
                      <Anchor
                        component="button"
                        type="button"
                        size="sm"
                        aria-label={t("patients.open", { pseudonym: patient.pseudonym })}
                        onClick={() => onOpen(patient.pseudonym)}
                      >
                        {patient.pseudonym}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>{patient.site}</Table.Td>
                    <Table.Td>{patient.side && t(`side.${patient.side as "R" | "L"}`)}</Table.Td>
                    <Table.Td>{wordOf("reason", patient.reason)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
          {count > PAGE && (
            <Group justify="center" mt="md" component="nav" aria-label={t("patients.pages")}>
              <Pagination
                size="sm"
                total={Math.ceil(count / PAGE)}
                value={page}
                onChange={onPage}
                getControlProps={(control) => ({ "aria-label": common(`table.${control}`) })}
              />
            </Group>
          )}
        </>
      )}
    </Loaded>
  );
}
