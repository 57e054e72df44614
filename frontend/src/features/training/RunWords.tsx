import { Button, Group, Stack, TagsInput, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice, Panel } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";

/** A researcher's own words about a run. */
export function RunWords({ run }: { run: Schemas["RunDetail"] }) {
  const slug = useSlug();
  const queries = useQueryClient();
  const [notes, setNotes] = useState(run.notes);
  const [tags, setTags] = useState<string[]>(run.tags);
  const path = { slug, run_id: run.id };
  const keep = api.useMutation("put", "/api/v1/studies/{slug}/runs/{run_id}/words", {
    onSuccess: (kept) => {
      setTags(kept.tags);
      queries.setQueryData(api.queryOptions("get", "/api/v1/studies/{slug}/runs/{run_id}", { params: { path } }).queryKey, kept);
    },
  });
  const changed = notes !== run.notes || tags.join("\n") !== run.tags.join("\n");
  return (
    <Panel title={t("words")} lead={t("words_about")}>
      <Stack gap="sm">
        <TagsInput label={t("tags")} placeholder={t("tags_about")} value={tags} onChange={setTags} maxTags={12} />
        <Textarea label={t("notes")} autosize minRows={2} maxRows={12} value={notes} onChange={(event) => setNotes(event.currentTarget.value)} />
        <ErrorNotice error={keep.error} />
        <Group justify="flex-end" gap="sm">
          {keep.isSuccess && !changed && (
            <Text size="sm" className="muted" role="status">
              {t("saved_words")}
            </Text>
          )}
          <Button size="xs" variant="default" disabled={!changed} loading={keep.isPending} onClick={() => keep.mutate({ params: { path }, body: { notes, tags } })}>
            {t("save_words")}
          </Button>
        </Group>
      </Stack>
    </Panel>
  );
}
