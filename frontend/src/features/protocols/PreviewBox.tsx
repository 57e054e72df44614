import { Alert, Group, List, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/shared/api";
import { useSlug } from "@/shared/study";
import { isComplete, type Settings } from "./settings";
import { t } from "./text";
import classes from "./protocols.module.css";
import { previewOf } from "./useProtocols";

/** What the settings come to, asked from the server while they are typed; nothing is kept by it. */
export function PreviewBox({ settings, enabled }: { settings: Settings; enabled: boolean }) {
  const slug = useSlug();
  const [asked] = useDebouncedValue(settings, 400);
  const preview = useQuery({
    queryKey: ["protocol-preview", slug, asked],
    queryFn: () => previewOf(slug, asked),
    enabled: enabled && isComplete(asked),
    placeholderData: (before) => before,
    retry: false,
  });
  if (!enabled) return <Text className="muted" size="sm">{t("preview_needs")}</Text>;
  if (preview.error) {
    return (
      <Alert color="orange" variant="light" title={t("preview_refused")}>
        <List size="sm">
          {asApiError(preview.error).details.map(({ field, message }) => (
            <List.Item key={`${field} ${message}`}>{`${field ?? ""}: ${message}`}</List.Item>
          ))}
        </List>
      </Alert>
    );
  }
  if (!preview.data) return null;
  const { cases, practice, repeats, batches, reads_in_all, fewest_places_between, readers } = preview.data;
  const refused = readers.filter(({ refusal }) => refusal);
  const recused = readers.filter(({ recused: count, refusal }) => count > 0 && !refusal);
  return (
    <div className={classes.preview} role="status">
      <Text size="xs" className="muted" mb={6}>
        {t("preview")}
      </Text>
      <Group gap="lg">
        <Fact label={t("preview.cases")} value={cases} />
        <Fact label={t("preview.repeats")} value={repeats} />
        <Fact label={t("preview.practice")} value={practice} />
        <Fact label={t("preview.batches")} value={batches} />
        <Fact label={t("preview.reads")} value={reads_in_all} />
      </Group>
      {fewest_places_between !== null && <Text size="xs" mt={6}>{t("preview.apart", { count: fewest_places_between })}</Text>}
      {recused.map(({ id, name, recused: count }) => (
        <Text key={id} size="xs" mt={4}>{t("preview.recused", { name, count })}</Text>
      ))}
      {refused.map(({ id, name }) => (
        <Text key={id} size="xs" mt={4} c="red">{t("preview.refusal", { name })}</Text>
      ))}
    </div>
  );
}

function Fact({ label, value }: { label: string; value: number }) {
  return (
    <div>
      <div className={classes.fact}>{value}</div>
      <Text size="xs" className="muted">
        {label}
      </Text>
    </div>
  );
}
