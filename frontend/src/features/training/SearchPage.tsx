import { ActionIcon, Button, Group, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { formFields, FROM_SCRATCH, isSame, searched } from "./form";
import { fieldLabel, presetTitle, t } from "./text";
import classes from "./training.module.css";

const NOT_SEARCHED = ["threads", "threshold_rule", "calibration"];

interface Row {
  field: string;
  values: string;
}

export function Component() {
  const slug = useSlug();
  const path = { slug };
  const choices = api.useQuery("get", "/api/v1/studies/{slug}/training/choices", { params: { path } });
  const versions = api.useQuery("get", "/api/v1/studies/{slug}/datasets", { params: { path } });
  return (
    <Page title={t("search_title")} lead={t("search_lead")} above={<TextLink to={`/studies/${slug}/training`}>{t("back")}</TextLink>}>
      <Loaded query={choices} height={400}>
        {(given) => (
          <Loaded query={versions}>
            {(all) => <SearchForm choices={given} versions={all.filter(({ is_practice }) => !is_practice)} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

interface SearchFormProps {
  choices: Schemas["TrainingChoices"];
  versions: readonly Schemas["DatasetVersion"][];
}

function SearchForm({ choices, versions }: SearchFormProps) {
  const slug = useSlug();
  const navigate = useNavigate();
  const [version, setVersion] = useState(String(versions[0]?.number ?? ""));
  const [backbone, setBackbone] = useState("compact");
  const [preset, setPreset] = useState("compact");
  const [method, setMethod] = useState("random");
  const [trials, setTrials] = useState<number | string>(8);
  const [seed, setSeed] = useState<number | string>(1);
  const [rows, setRows] = useState<readonly Row[]>([{ field: "learning_rate", values: "1e-4 to 1e-2" }]);
  const start = api.useMutation("post", "/api/v1/studies/{slug}/searches", {
    onSuccess: ({ trials: queued }) => {
      notifications.show({ message: t("search_started", { count: queued.length }) });
      void navigate(`/studies/${slug}/training`);
    },
  });
  const refusal = start.error ? asApiError(start.error) : null;
  const chosen = choices.backbones.find(({ name }) => name === backbone);
  const values = choices.presets.find(({ name }) => name === preset)?.values ?? {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const space = Object.fromEntries(rows.filter(({ field }) => field).map(({ field, values: written }) => [field, searched(written)]));
    start.mutate({
      params: { path: { slug } },
      body: {
        dataset_version: Number(version),
        backbone,
        preset: preset as Schemas["SearchRequestRequest"]["preset"],
        overrides: scratch(chosen, values, Object.keys(space)),
        method,
        space,
        trials: Number(trials),
        seed: Number(seed),
        name: "",
      },
    });
  };
  return (
    <form onSubmit={submit} className={classes.launch}>
      <Panel>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
          <Select
            label={t("version")}
            data={versions.map(({ number, name, case_count: cases }) => ({ value: String(number), label: t("version_option", { number, name, cases }) }))}
            value={version}
            onChange={(value) => value && setVersion(value)}
            allowDeselect={false}
            error={refusal?.forField("dataset_version")}
          />
          <Select
            label={t("column_backbone")}
            data={choices.backbones.map(({ name, title }) => ({ value: name, label: title }))}
            value={backbone}
            onChange={(value) => value && setBackbone(value)}
            allowDeselect={false}
            error={refusal?.forField("weights")}
          />
          <Select
            label={t("step_preset")}
            data={choices.presets.map(({ name }) => ({ value: name, label: presetTitle(name) }))}
            value={preset}
            onChange={(value) => value && setPreset(value)}
            allowDeselect={false}
          />
        </SimpleGrid>
      </Panel>
      <Panel title={t("search_space")}>
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t("search_method")}
            value={method}
            onChange={setMethod}
            data={[
              { value: "random", label: t("search_random") },
              { value: "grid", label: t("search_grid") },
            ]}
          />
          <SpaceRows fields={choices.fields} rows={rows} onChange={setRows} errorOf={(field) => refusal?.forField(field)} />
          <Group gap="md" align="flex-start">
            <NumberInput label={t("search_trials")} value={trials} onChange={setTrials} min={2} max={200} w={140} error={refusal?.forField("trials")} />
            <NumberInput label={t("search_seed")} value={seed} onChange={setSeed} min={0} w={140} />
          </Group>
          <ErrorNotice error={start.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={start.isPending} disabled={rows.length === 0}>
              {t("search_start")}
            </Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}

/** A backbone without pretrained weights cannot start from them: what the launch form does at a click. */
function scratch(
  backbone: Schemas["Backbone"] | undefined,
  preset: Readonly<Record<string, unknown>>,
  searchedFields: readonly string[],
): Record<string, unknown> {
  if (!backbone || preset.weights === "none" || (backbone.needs_weights && backbone.weights_available)) return {};
  return Object.fromEntries(Object.entries(FROM_SCRATCH).filter(([name, value]) => !searchedFields.includes(name) && !isSame(value, preset[name])));
}

interface SpaceRowsProps {
  fields: readonly Schemas["ConfigurationField"][];
  rows: readonly Row[];
  onChange: (rows: readonly Row[]) => void;
  errorOf: (field: string) => string | undefined;
}

function SpaceRows({ fields, rows, onChange, errorOf }: SpaceRowsProps) {
  const names = formFields(fields).map(({ name }) => name).filter((name) => !NOT_SEARCHED.includes(name));
  const change = (index: number, changes: Partial<Row>) =>
    onChange(rows.map((row, position) => (position === index ? { ...row, ...changes } : row)));
  const free = names.filter((name) => !rows.some(({ field }) => field === name));
  return (
    <>
      <Text size="sm" className="muted">
        {t("search_values_about")}
      </Text>
      {rows.map(({ field, values }, index) => (
        <Group key={field} gap="sm" align="flex-start" wrap="nowrap">
          <Select
            aria-label={t("search_field")}
            data={names.filter((name) => name === field || free.includes(name)).map((name) => ({ value: name, label: fieldLabel(name) }))}
            value={field}
            onChange={(name) => name && change(index, { field: name })}
            allowDeselect={false}
            searchable
            w={240}
          />
          <TextInput
            aria-label={`${fieldLabel(field)}: ${t("search_values")}`}
            value={values}
            onChange={(event) => change(index, { values: event.currentTarget.value })}
            error={errorOf(field)}
            style={{ flex: 1 }}
          />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("search_remove", { name: fieldLabel(field) })} onClick={() => onChange(rows.filter((_, position) => position !== index))}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} disabled={free.length === 0} onClick={() => onChange([...rows, { field: free[0] ?? "", values: "" }])}>
          {t("search_add")}
        </Button>
      </Group>
    </>
  );
}
