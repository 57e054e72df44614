import { Alert, Button, Grid, Group, Radio, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice, Panel } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { BackboneCards } from "./BackboneCards";
import { asText, formFields, FROM_SCRATCH, overridesOf, presetValues, type Values } from "./form";
import { HyperParameters } from "./HyperParameters";
import { LaunchPreview } from "./LaunchPreview";
import { presetAbout, presetTitle, t } from "./text";
import classes from "./training.module.css";

type Choices = Schemas["TrainingChoices"];

interface LaunchFormProps {
  choices: Choices;
  versions: readonly Schemas["DatasetVersion"][];
  original?: Schemas["RunDetail"];
}

interface Chosen {
  version: number;
  preset: string;
  backbones: readonly string[];
  values: Values;
  name: string;
}

function begin({ choices, versions, original }: LaunchFormProps): Chosen {
  const backbones = choices.backbones.filter(({ needs_weights }) => !needs_weights).map(({ name }) => name);
  const ready = choices.backbones.some((backbone) => backbone.published && backbone.weights_available);
  const preset = original?.preset ?? (ready ? "published" : "compact");
  const values = presetOf(choices, preset);
  const fields = formFields(choices.fields);
  return {
    version: original?.dataset_version ?? (versions.find(({ stale_count }) => stale_count === 0) ?? versions[0])?.number ?? 0,
    preset,
    backbones: original ? [original.backbone] : ready ? [] : backbones.slice(0, 1),
    values: original
      ? Object.fromEntries(fields.map(({ name }) => [name, asText(original.configuration[name])]))
      : presetValues(choices.fields, values),
    name: "",
  };
}

const presetOf = (choices: Choices, name: string): Record<string, unknown> =>
  choices.presets.find((preset) => preset.name === name)?.values ?? {};

export function LaunchForm(props: LaunchFormProps) {
  const { choices, versions, original } = props;
  const slug = useSlug();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState(() => begin(props));
  const preset = presetOf(choices, chosen.preset);
  const overrides = overridesOf(chosen.values, preset);
  const change = (changes: Partial<Chosen>) => setChosen((before) => ({ ...before, ...changes }));
  const start = api.useMutation("post", "/api/v1/studies/{slug}/runs", {
    onSuccess: (runs) => {
      void queries.invalidateQueries({
        queryKey: api.queryOptions("get", "/api/v1/studies/{slug}/runs", { params: { path: { slug } } }).queryKey,
      });
      notifications.show({ message: t("started", { count: runs.length }) });
      void navigate(`/studies/${slug}/training${runs.length === 1 ? `/${runs[0]?.id}` : ""}`);
    },
  });
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (start.error) form.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-error=true]")?.focus();
  }, [start.error]);
  const refusal = start.error ? asApiError(start.error) : null;
  const errorOf = (field: string) => refusal?.forField(field) ?? refusal?.forField(`overrides.${field}`);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { version, backbones, name } = chosen;
    start.mutate({
      params: { path: { slug } },
      body: {
        dataset_version: version,
        backbones: [...backbones],
        preset: chosen.preset as Schemas["LaunchRequest"]["preset"],
        overrides,
        name: name.trim(),
      },
    });
  };
  return (
    <form ref={form} onSubmit={submit} className={classes.launch}>
      {original && <Text className="muted">{t("cloned", { name: original.name })}</Text>}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Panel title={t("step_data")}>
            <DataFields chosen={chosen} change={change} versions={versions} errorOf={errorOf} />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Panel title={t("step_preset")}>
            <PresetField
              choices={choices}
              value={chosen.preset}
              onChange={(name) => change({ preset: name, values: presetValues(choices.fields, presetOf(choices, name)) })}
            />
          </Panel>
        </Grid.Col>
      </Grid>
      <Panel
        title={t("step_backbones")}
        lead={t("step_backbones_lead")}
        actions={
          <Button
            size="xs"
            variant="default"
            onClick={() => change({ backbones: choices.backbones.filter(({ published }) => published).map(({ name }) => name) })}
          >
            {t("six")}
          </Button>
        }
      >
        <BackboneCards
          backbones={choices.backbones}
          chosen={chosen.backbones}
          onChange={(backbones) => change({ backbones })}
          error={errorOf("backbones") ?? errorOf("backbone")}
        />
        <WeightsConflict choices={choices} chosen={chosen} change={change} />
      </Panel>
      <HyperParameters
        fields={choices.fields}
        preset={preset}
        values={chosen.values}
        changed={Object.keys(overrides)}
        errorOf={errorOf}
        onChange={(values) => change({ values })}
      />
      <div className={classes.bar}>
        <div className={classes.barError}>
          <ErrorNotice error={start.error} />
        </div>
        <Group justify="space-between">
          <div>
            <LaunchPreview
              version={chosen.version}
              backbones={chosen.backbones}
              preset={chosen.preset as Schemas["LaunchRequest"]["preset"]}
              overrides={overrides}
            />
            <Text size="sm" className="muted">
              {Object.keys(overrides).length
                ? t("changed_count", { count: Object.keys(overrides).length })
                : t("changed_none")}
            </Text>
          </div>
          <Button
            type="submit"
            size="md"
            loading={start.isPending}
            disabled={chosen.backbones.length === 0}
            leftSection={<IconPlayerPlay size={17} />}
          >
            {chosen.backbones.length ? t("start", { count: chosen.backbones.length }) : t("start_none")}
          </Button>
        </Group>
      </div>
    </form>
  );
}

interface PartProps {
  chosen: Chosen;
  change: (changes: Partial<Chosen>) => void;
}

interface DataFieldsProps extends PartProps {
  versions: LaunchFormProps["versions"];
  errorOf: (field: string) => string | undefined;
}

function DataFields({ chosen, change, versions, errorOf }: DataFieldsProps) {
  const version = versions.find(({ number }) => number === chosen.version);
  return (
    <Stack gap="sm">
      <Select
        label={t("version")}
        data={versions.map(({ number, name, case_count: cases }) => ({
          value: String(number),
          label: t("version_option", { number, name, cases }),
        }))}
        value={String(chosen.version)}
        onChange={(value) => value && change({ version: Number(value) })}
        allowDeselect={false}
        error={errorOf("dataset_version")}
      />
      {version && version.stale_count > 0 && (
        <Alert color="yellow" variant="light">
          {t("version_stale")}
        </Alert>
      )}
      <TextInput
        label={t("name")}
        description={t("name_about")}
        value={chosen.name}
        maxLength={120}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={errorOf("name")}
      />
    </Stack>
  );
}

interface PresetFieldProps {
  choices: Choices;
  value: string;
  onChange: (preset: string) => void;
}

function PresetField({ choices, value, onChange }: PresetFieldProps) {
  return (
    <Radio.Group value={value} onChange={onChange} aria-label={t("step_preset")}>
      <SimpleGrid cols={1} spacing="xs">
        {choices.presets.map(({ name }) => (
          <Radio.Card key={name} value={name} className={classes.card} radius="sm">
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator />
              <div>
                <Text fw={600} size="sm">
                  {presetTitle(name)}
                </Text>
                <Text size="sm" className="muted">
                  {presetAbout(name)}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

/** Said before the server has to refuse it. */
function WeightsConflict({ choices, chosen, change }: PartProps & { choices: Choices }) {
  if (chosen.values.weights !== "imagenet") return null;
  const mine = choices.backbones.filter(({ name }) => chosen.backbones.includes(name));
  const missing = mine.filter(({ needs_weights, weights_available }) => needs_weights && !weights_available);
  const impossible = mine.filter(({ needs_weights }) => !needs_weights);
  if (missing.length + impossible.length === 0) return null;
  const names = (list: typeof mine) => list.map(({ title }) => title).join(", ");
  return (
    <Alert color="yellow" variant="light" mt="md">
      {missing.length > 0 && <Text size="sm">{t("weights_conflict", { names: names(missing) })}</Text>}
      {impossible.length > 0 && <Text size="sm">{t("weights_impossible", { names: names(impossible) })}</Text>}
      <Button
        size="xs"
        mt="xs"
        variant="default"
        onClick={() => change({ values: { ...chosen.values, ...FROM_SCRATCH } })}
      >
        {t("use_scratch")}
      </Button>
    </Alert>
  );
}
