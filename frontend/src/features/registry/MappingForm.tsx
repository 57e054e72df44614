import { Button, Group, ScrollArea, Select, Table, Text } from "@mantine/core";
import { useState } from "react";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice, Loaded } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { type ImportDetail, kindWord, type RegistryFile, useImport, useTold } from "./imports";
import { chosenAtFirst, missing } from "./mapping";
import { t } from "./text";
import classes from "./registry.module.css";

const ENCODINGS = ["", "utf-8", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"] as const;
type Encoding = (typeof ENCODINGS)[number];

interface MappingFormProps {
  file: RegistryFile;
  record: ImportDetail;
}

/** Which of the file's columns mean ours. What is said here is remembered for the next file with these columns. */
export function MappingForm(props: MappingFormProps) {
  const slug = useSlug();
  const kinds = api.useQuery("get", "/api/v1/studies/{slug}/registry/kinds", { params: { path: { slug } } });
  return (
    <div className={classes.file}>
      <Loaded query={kinds}>{(loaded) => <Fields {...props} kinds={loaded} />}</Loaded>
    </div>
  );
}

function Fields({ file, record, kinds }: MappingFormProps & { kinds: Schemas["FileKind"][] }) {
  const { path } = useImport(record.id);
  const tell = useTold();
  const [choice, setChoice] = useState(() => chosenAtFirst(file));
  const [encoding, setEncoding] = useState<Encoding>("");
  const check = api.useMutation("post", "/api/v1/studies/{slug}/registry/imports/{import_id}/check", { onSuccess: tell });
  const kind = kinds.find(({ name }) => name === choice.kind);
  const lacking = kind ? missing(kind, choice.columns) : [];
  const refusal = check.error ? asApiError(check.error) : null;
  const save = () =>
    check.mutate({
      params: { path },
      body: { files: [{ number: file.number, kind: choice.kind, columns: choice.columns, encoding }] },
    });
  return (
    <>
      <Text size="sm" mb="sm">
        {file.suggestion ? t("mapping_suggested") : t("mapping_about")}
      </Text>
      <Sample file={file} />
      <Group align="flex-end" gap="sm" my="md">
        <Select
          label={t("mapping_kind")}
          data={kinds.map(({ name }) => ({ value: name, label: kindWord(name) }))}
          value={choice.kind || null}
          onChange={(value) => setChoice({ ...choice, kind: value ?? "" })}
          w={240}
        />
        <Select
          label={t("encoding")}
          data={ENCODINGS.map((value) => ({ value, label: value ? value.toUpperCase() : t("encoding_found") }))}
          value={encoding}
          onChange={(value) => setEncoding((value ?? "") as Encoding)}
          allowDeselect={false}
          w={200}
        />
      </Group>
      {kind && (
        <div className={classes.mapping}>
          {kind.columns.map((column) => (
            <ColumnChoice
              key={column.name}
              column={column}
              header={file.header}
              value={choice.columns[column.name] ?? ""}
              error={refusal?.forField(column.name)}
              onChange={(theirs) => setChoice({ ...choice, columns: { ...choice.columns, [column.name]: theirs } })}
            />
          ))}
        </div>
      )}
      <ErrorNotice error={check.error} />
      <Group gap="sm" mt="md">
        <Button onClick={save} loading={check.isPending} disabled={!kind || lacking.length > 0}>
          {t("mapping_save")}
        </Button>
        <Text size="sm" className="muted">
          {lacking.length > 0 ? t("mapping_missing", { columns: lacking.join(", ") }) : t("mapping_remembered")}
        </Text>
      </Group>
    </>
  );
}

interface ColumnChoiceProps {
  column: Schemas["Column"];
  header: readonly string[];
  value: string;
  error: string | undefined;
  onChange: (theirs: string) => void;
}

function ColumnChoice({ column, header, value, error, onChange }: ColumnChoiceProps) {
  return (
    <>
      <span>
        <code>{column.name}</code>
        {column.is_required && (
          <Text span c="red" aria-hidden>
            {" *"}
          </Text>
        )}
      </span>
      <Select
        aria-label={t("mapping_of", { column: column.name })}
        placeholder={t("mapping_none")}
        data={[...new Set(header)].filter(Boolean)}
        value={value || null}
        onChange={(theirs) => onChange(theirs ?? "")}
        error={error}
        searchable
        clearable
      />
      <Text size="sm" className="muted">
        {column.about}
      </Text>
    </>
  );
}

/** The header and the first rows; cells that may identify somebody arrive in their shape only. */
function Sample({ file }: { file: RegistryFile }) {
  return (
    <div>
      <ScrollArea viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("sample", { file: file.name }) }}>
      <Table withTableBorder verticalSpacing={4} fz="sm" className={classes.sample}>
        <Table.Thead>
          <Table.Tr>
            {file.header.map((name, place) => (
              <Table.Th key={`${place} ${name}`}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {file.sample.slice(0, 4).map((row, line) => (
            <Table.Tr key={line}>
              {file.header.map((name, place) => (
                <Table.Td key={`${place} ${name}`} className="muted">
                  {row[place]?.slice(0, 40)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      </ScrollArea>
      <Text size="xs" className="muted" mt={4}>
        {t("sample_about")}
      </Text>
    </div>
  );
}
