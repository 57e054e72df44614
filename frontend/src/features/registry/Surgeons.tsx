import { Select, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, ErrorNotice, Loaded, Panel } from "@/shared/components";
import { useSlug, useStudy } from "@/shared/study";
import { t } from "./text";

type Surgeon = Schemas["Surgeon"];

/** Which account, if any, stands behind a surgeon's pseudonym: nobody reads radiographs of hips they operated on. */
export function Surgeons() {
  const slug = useSlug();
  const surgeons = api.useQuery("get", "/api/v1/studies/{slug}/registry/surgeons", { params: { path: { slug } } });
  return (
    <Panel title={t("surgeons")} lead={t("surgeons_lead")} flush>
      <Loaded query={surgeons}>
        {(rows) =>
          rows.length === 0 ? (
            <Text className="muted" size="sm" p="md">
              {t("surgeons_none")}
            </Text>
          ) : (
            <SurgeonTable rows={rows} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function SurgeonTable({ rows }: { rows: readonly Surgeon[] }) {
  const { link, error } = useLink();
  const mayLink = useStudy().roles.some((role) => role === "coordinator" || role === "administrator");
  const people = useReaders();
  const columns: Column<Surgeon>[] = [
    { key: "surgeon", label: t("surgeon"), value: ({ surgeon }) => surgeon, width: 200 },
    { key: "procedures", label: t("procedures"), value: ({ procedures }) => procedures, number: true, width: 150 },
    {
      key: "person",
      label: t("account"),
      value: ({ person }) => person,
      show: ({ surgeon, person, person_id: id }) => (
        <Select
          aria-label={t("account_of", { surgeon })}
          placeholder={t("nobody")}
          data={withLinked(people, id, person)}
          value={id === null ? null : String(id)}
          onChange={(value) => link(surgeon, value === null ? null : Number(value))}
          disabled={!mayLink}
          searchable
          clearable
          size="xs"
          maw={320}
        />
      ),
    },
  ];
  return (
    <>
      <ErrorNotice error={error} />
      <DataTable rows={rows} columns={columns} rowKey={({ surgeon }) => surgeon} pageSize={10} />
    </>
  );
}

interface Choice {
  value: string;
  label: string;
}

/** The linked person stays among the choices, even when they have left the study since. */
function withLinked(people: readonly Choice[], id: number | null, person: string | null): Choice[] {
  const value = String(id);
  const missing = id !== null && !people.some((choice) => choice.value === value);
  return missing ? [...people, { value, label: person ?? value }] : [...people];
}

function useReaders(): Choice[] {
  const slug = useSlug();
  const people = api.useQuery("get", "/api/v1/studies/{slug}/registry/surgeons/people", { params: { path: { slug } } });
  return (people.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
}

function useLink() {
  const slug = useSlug();
  const queries = useQueryClient();
  const path = { slug };
  const mutation = api.useMutation("post", "/api/v1/studies/{slug}/registry/surgeons", {
    onSuccess: (rows) => {
      const query = api.queryOptions("get", "/api/v1/studies/{slug}/registry/surgeons", { params: { path } });
      queries.setQueryData(query.queryKey, rows);
    },
  });
  const link = (surgeon: string, person: number | null) =>
    mutation.mutate({ params: { path }, body: { surgeon, person_id: person } });
  return { link, error: mutation.error };
}
