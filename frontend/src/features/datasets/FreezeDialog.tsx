import { Button, Grid, Group, Modal, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice, Loaded } from "@/shared/components";
import { percent, t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { CountsTable } from "./CountsTable";
import { t } from "./text";

interface FreezeDialogProps {
  opened: boolean;
  onClose: () => void;
  onFrozen: (version: Schemas["DatasetVersionDetail"]) => void;
}

interface Split {
  seed: number;
  validation: number;
  test: number;
}

export function FreezeDialog({ opened, onClose, onFrozen }: FreezeDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("freeze_title")}
      size={980}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <FreezeForm onClose={onClose} onFrozen={onFrozen} />
    </Modal>
  );
}

function FreezeForm({ onClose, onFrozen }: Omit<FreezeDialogProps, "opened">) {
  const slug = useSlug();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [split, setSplit] = useState<Split>({ seed: 1, validation: 0.1, test: 0.1 });
  const path = { slug };
  const freeze = api.useMutation("post", "/api/v1/studies/{slug}/datasets", {
    onSuccess: (version) => {
      const list = api.queryOptions("get", "/api/v1/studies/{slug}/datasets", { params: { path } });
      void queries.invalidateQueries({ queryKey: list.queryKey });
      onFrozen(version);
    },
  });
  const refusal = freeze.error ? asApiError(freeze.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    freeze.mutate({ params: { path }, body: { name: name.trim(), ...split } });
  };
  return (
    <form onSubmit={submit}>
      <Text size="sm" className="muted" mb="md">
        {t("freeze_detail")}
      </Text>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <Stack gap="sm">
            <TextInput
              label={t("field_name")}
              description={t("field_name_about")}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={refusal?.forField("name")}
              maxLength={120}
              required
              data-autofocus
            />
            <SplitFields split={split} onChange={setSplit} errorOf={(field) => refusal?.forField(field)} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 8 }}>
          <Preview slug={slug} split={split} />
        </Grid.Col>
      </Grid>
      <Stack gap="md" mt="md">
        <ErrorNotice error={freeze.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={freeze.isPending} disabled={!name.trim()}>
            {t("freeze_now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface SplitFieldsProps {
  split: Split;
  onChange: (split: Split) => void;
  errorOf: (field: string) => string | undefined;
}

function SplitFields({ split, onChange, errorOf }: SplitFieldsProps) {
  const share = (field: "validation" | "test") => (
    <NumberInput
      label={t(field === "test" ? "field_test" : "field_validation")}
      value={Math.round(split[field] * 1000) / 10}
      onChange={(value) => typeof value === "number" && onChange({ ...split, [field]: value / 100 })}
      min={1}
      max={49}
      decimalScale={1}
      suffix="%"
      error={errorOf(field)}
    />
  );
  return (
    <>
      {share("validation")}
      {share("test")}
      <Text size="sm" className="muted">
        {t("rest_training", { share: percent(Math.max(0, 1 - split.validation - split.test), 1) })}
      </Text>
      <NumberInput
        label={t("field_seed")}
        description={t("field_seed_about")}
        value={split.seed}
        onChange={(value) => typeof value === "number" && onChange({ ...split, seed: value })}
        min={0}
        max={2 ** 31 - 1}
        allowDecimal={false}
        error={errorOf("seed")}
      />
    </>
  );
}

function Preview({ slug, split }: { slug: string; split: Split }) {
  const [settled] = useDebouncedValue(split, 300);
  const preview = api.useQuery(
    "post",
    "/api/v1/studies/{slug}/datasets/preview",
    { params: { path: { slug } }, body: settled },
    { placeholderData: keepPreviousData, staleTime: 0 },
  );
  return (
    <section aria-busy={preview.isFetching}>
      <Text fw={600}>{t("preview")}</Text>
      <Text size="sm" className="muted" mb="xs">
        {t("preview_about")}
      </Text>
      <Loaded query={preview}>{(counts) => <CountsTable counts={counts} />}</Loaded>
    </section>
  );
}
