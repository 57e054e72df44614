import { Button, Checkbox, Drawer, Grid, Group, NativeSelect, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice, Loaded } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { partWord } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { PreviewBox } from "./PreviewBox";
import type { Protocol } from "./progress";
import { Choice, SettingsFields } from "./SettingsFields";
import { isComplete, NEW, type Settings, settingsOf } from "./settings";
import { t } from "./text";
import { useChanged } from "./useProtocols";

type Choices = Schemas["ProtocolChoices"];

interface ProtocolDialogProps {
  /** The draft that is changed; a new one is made without it. */
  draft?: Protocol;
  opened: boolean;
  onClose: () => void;
}

export function ProtocolDialog({ draft, opened, onClose }: ProtocolDialogProps) {
  const slug = useSlug();
  const choices = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/protocols/choices",
    { params: { path: { slug } } },
    { enabled: opened, staleTime: 0 },
  );
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={760}
      title={draft ? t("change_title", { title: draft.title }) : t("new_title")}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <Loaded query={choices} height={420}>
        {(known) => <ProtocolForm key={draft?.id ?? 0} draft={draft} choices={known} onClose={onClose} />}
      </Loaded>
    </Drawer>
  );
}

function useSave(draft: Protocol | undefined, onClose: () => void) {
  const slug = useSlug();
  const changed = useChanged();
  const done = (protocol: Protocol) => {
    changed(protocol);
    notifications.show({ message: t("saved", { title: protocol.title }) });
    onClose();
  };
  const create = api.useMutation("post", "/api/v1/studies/{slug}/protocols", { onSuccess: done });
  const change = api.useMutation("put", "/api/v1/studies/{slug}/protocols/{protocol_id}", { onSuccess: done });
  const save = (body: Settings) =>
    draft
      ? change.mutate({ params: { path: { slug, protocol_id: draft.id } }, body })
      : create.mutate({ params: { path: { slug } }, body });
  return { save, error: create.error ?? change.error, busy: create.isPending || change.isPending };
}

function ProtocolForm({ draft, choices, onClose }: { draft?: Protocol; choices: Choices; onClose: () => void }) {
  const first = choices.versions.find(({ is_practice }) => !is_practice);
  const practice = choices.versions.find(({ is_practice }) => is_practice);
  const [values, setValues] = useState<Settings>(() =>
    draft
      ? settingsOf(draft)
      : { ...NEW, dataset_version: first?.number ?? 0, practice_version: practice?.number ?? null },
  );
  const { save, error, busy } = useSave(draft, onClose);
  const refusal = error ? asApiError(error) : null;
  const set = (changes: Partial<Settings>) => setValues((before) => ({ ...before, ...changes }));
  const problem = (field: string) => refusal?.forField(field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(values);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md" pb="md">
        <TextInput
          label={t("protocol_title")}
          value={values.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
          error={problem("title")}
          maxLength={200}
          required
          data-autofocus
        />
        <What choices={choices} values={values} set={set} problem={problem} />
        <Who choices={choices} values={values} set={set} />
        <How values={values} set={set} problem={problem} />
        <SettingsFields values={values} onChange={set} problem={problem} />
        <PreviewBox settings={values} enabled={isComplete(values)} />
        <ErrorNotice error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!isComplete(values)}>
            {t("save_draft")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps {
  choices: Choices;
  values: Settings;
  set: (changes: Partial<Settings>) => void;
  problem: (field: string) => string | undefined;
}

/** Which cases: version, part, practice set. */
function What({ choices, values, set, problem }: PartProps) {
  const versions = choices.versions.filter(({ is_practice }) => !is_practice);
  const practice = choices.versions.filter(({ is_practice }) => is_practice);
  const parts = Object.entries(versions.find(({ number }) => number === values.dataset_version)?.parts ?? {});
  return (
    <Grid gap="sm">
      <Grid.Col span={5}>
        <NativeSelect
          label={t("dataset_version")}
          value={String(values.dataset_version)}
          onChange={(event) => set({ dataset_version: Number(event.currentTarget.value) })}
          data={versions.map(({ number, name }) => ({ value: String(number), label: t("version_named", { number, name }) }))}
          error={problem("dataset_version")}
        />
      </Grid.Col>
      <Grid.Col span={3}>
        <NativeSelect
          label={t("part")}
          value={values.part}
          onChange={(event) => set({ part: event.currentTarget.value as Settings["part"] })}
          data={parts.map(([part, count]) => ({ value: part, label: t("part_of", { part: partWord(part), count }) }))}
          error={problem("part")}
        />
      </Grid.Col>
      <Grid.Col span={4}>
        <NativeSelect
          label={t("practice_version")}
          value={String(values.practice_version ?? "")}
          onChange={(event) => set({ practice_version: Number(event.currentTarget.value) || null })}
          data={[
            { value: "", label: t("no_practice") },
            ...practice.map(({ number, name, parts: { practice: count = 0 } }) => ({
              value: String(number),
              label: t("part_of", { part: name, count }),
            })),
          ]}
          error={problem("practice_version")}
        />
      </Grid.Col>
    </Grid>
  );
}

/** Who reads: surgeons who are nothing else in the study. */
function Who({ choices, values, set }: Omit<PartProps, "problem">) {
  return (
    <Checkbox.Group
      label={t("readers")}
      description={t("readers_about")}
      value={values.readers.map(String)}
      onChange={(chosen) => set({ readers: chosen.map(Number) })}
    >
      <Stack gap={6} mt="xs">
        {choices.surgeons.length === 0 && <Text size="sm">{t("no_surgeons")}</Text>}
        {choices.surgeons.map(({ id, name, email, other_roles, is_simulated }) => (
          <Checkbox
            key={id}
            value={String(id)}
            disabled={other_roles.length > 0}
            label={`${name} · ${email}${is_simulated ? ` · ${t("simulated")}` : ""}`}
            description={other_roles.length > 0 ? t("has_other_roles") : undefined}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function How({ values, set, problem }: Omit<PartProps, "choices">) {
  return (
    <Grid gap="sm">
      <Grid.Col span={4}>
        <Choice
          label={t("form")}
          about={t(`form_${values.form}`)}
          value={values.form}
          values={[
            { value: "quick", label: t("form.quick") },
            { value: "full", label: t("form.full") },
          ]}
          onChange={(form) => set({ form })}
        />
      </Grid.Col>
      <Grid.Col span={4}>
        <Choice
          label={t("going")}
          about={t(`going_${values.navigation}`)}
          value={values.navigation}
          values={[
            { value: "forward", label: t("going.forward") },
            { value: "free", label: t("going.free") },
          ]}
          onChange={(navigation) => set({ navigation })}
        />
      </Grid.Col>
      <Grid.Col span={4}>
        <NumberInput
          label={t("repeated_percent")}
          description={t("repeated_percent_about")}
          value={values.repeated_percent}
          onChange={(value) => typeof value === "number" && set({ repeated_percent: value })}
          error={problem("repeated_percent")}
          min={0}
          max={50}
          allowDecimal={false}
          suffix=" %"
        />
      </Grid.Col>
    </Grid>
  );
}
