import { Button, Fieldset, Grid, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { bodyOf, type Draft, NEW_DRAFT } from "./draft";
import { SelectionFields } from "./SelectionFields";
import { hasFolds } from "./split";
import { SplitFields } from "./SplitFields";
import { SplitPreview } from "./SplitPreview";
import { t } from "./text";
import classes from "./datasets.module.css";

interface FreezeDialogProps {
  opened: boolean;
  onClose: () => void;
  onFrozen: (version: Schemas["DatasetVersionDetail"]) => void;
}

export function FreezeDialog({ opened, onClose, onFrozen }: FreezeDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("freeze_title")}
      size={1160}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <FreezeForm onClose={onClose} onFrozen={onFrozen} />
    </Modal>
  );
}

function usePreview(slug: string, draft: Draft) {
  const [settled] = useDebouncedValue(draft, 300);
  const query = api.useQuery(
    "post",
    "/api/v1/studies/{slug}/datasets/preview",
    { params: { path: { slug } }, body: bodyOf(settled) },
    { placeholderData: keepPreviousData, staleTime: 0, retry: false },
  );
  const current = settled === draft && !query.isFetching && !query.isPlaceholderData;
  return { ...query, current };
}

function FreezeForm({ onClose, onFrozen }: Omit<FreezeDialogProps, "opened">) {
  const slug = useSlug();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [draft, setDraft] = useState(NEW_DRAFT);
  const path = { slug };
  const choices = api.useQuery("get", "/api/v1/studies/{slug}/datasets/choices", { params: { path } });
  const preview = usePreview(slug, draft);
  const freeze = api.useMutation("post", "/api/v1/studies/{slug}/datasets", {
    onSuccess: (version) => {
      const list = api.queryOptions("get", "/api/v1/studies/{slug}/datasets", { params: { path } });
      void queries.invalidateQueries({ queryKey: list.queryKey });
      onFrozen(version);
    },
    // Something has changed since the preview, or cannot be done: look again.
    onError: () => void preview.refetch(),
  });
  const errorOf = (field: string) =>
    (freeze.error && asApiError(freeze.error).forField(field)) || (preview.error && asApiError(preview.error).forField(field)) || undefined;
  const ready = name.trim() && preview.current && !preview.error && preview.data?.problems.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    freeze.mutate({
      params: { path },
      body: { ...bodyOf(draft), name: name.trim(), previewed_sha256: preview.data?.sha256 ?? "" },
    });
  };
  return (
    <form onSubmit={submit}>
      <Text size="sm" className="muted" mb="md">
        {t("freeze_detail")}
      </Text>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, sm: 5 }}>
          <Stack gap="md">
            <TextInput
              label={t("field_name")}
              description={t("field_name_about")}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={errorOf("name")}
              maxLength={120}
              required
              data-autofocus
            />
            <Fieldset legend={t("which_cases")} className={classes.group}>
              <SelectionFields
                selection={draft.selection}
                choices={choices.data}
                onChange={(selection) => setDraft({ ...draft, selection })}
                errorOf={errorOf}
              />
            </Fieldset>
            <Fieldset legend={t("how_divided")} className={classes.group}>
              <SplitFields draft={draft} onChange={setDraft} errorOf={errorOf} />
            </Fieldset>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 7 }}>
          <div className={classes.preview}>
            <SplitPreview preview={preview.data} error={preview.error} busy={!preview.current} byFolds={hasFolds({ scheme: draft.scheme })} />
          </div>
        </Grid.Col>
      </Grid>
      <div className={classes.actions}>
        <ErrorNotice error={freeze.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={freeze.isPending} disabled={!ready}>
            {t("freeze_now")}
          </Button>
        </Group>
      </div>
    </form>
  );
}
