import { Button, Checkbox, Grid, Group, MultiSelect, NativeSelect, NumberInput, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice, Panel } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";

type Rules = Schemas["LinkingRules"];
const VIEWS = ["AP", "PA", "LL", "RL", "LLO", "RLO", "LATERAL", "LAT", "AXIAL"] as const satisfies readonly Rules["views"][number][];
const DAYS = ["days_before_revision", "days_after_primary_from", "days_after_primary_to"] as const;

export function LinkingRulesPanel({ rules }: { rules: Rules }) {
  const slug = useSlug();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState(rules);
  const save = api.useMutation("put", "/api/v1/studies/{slug}/linking/rules", {
    onSuccess: () => {
      notifications.show({ message: t("rules.saved") });
      void queries.invalidateQueries({ predicate: ({ queryKey }) => /\/(linking|radiographs)$/.test(String(queryKey[1])) });
    },
  });
  const refusal = save.error ? asApiError(save.error) : null;
  const change = (part: Partial<Rules>) => setWanted((now) => ({ ...now, ...part }));
  const isSame = JSON.stringify(wanted) === JSON.stringify(rules);
  return (
    <Panel title={t("rules.title")} lead={t("rules.lead")}>
      <Stack gap="sm">
        <Grid align="flex-end">
          <Grid.Col span={{ base: 12, sm: 6, md: 4 }}>
            <NativeSelect
              label={t("rules.identifier_tag")}
              value={wanted.identifier_tag}
              onChange={(event) => change({ identifier_tag: event.currentTarget.value as Rules["identifier_tag"] })}
              data={(["patient_id", "accession_number"] as const).map((value) => ({ value, label: t(`rules.tag.${value}`) }))}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 12, sm: 6, md: 8 }}>
            <MultiSelect
              label={t("rules.views")}
              data={VIEWS}
              value={wanted.views}
              onChange={(views) => change({ views: views as Rules["views"] })}
              error={refusal?.forField("views")}
            />
          </Grid.Col>
          {DAYS.map((name) => (
            <Grid.Col key={name} span={{ base: 12, sm: 4 }}>
              <NumberInput
                label={t(`rules.${name}`)}
                min={0}
                max={36500}
                allowDecimal={false}
                value={wanted[name]}
                onChange={(value) => change({ [name]: Number(value) })}
                error={refusal?.forField(name)}
              />
            </Grid.Col>
          ))}
        </Grid>
        <Checkbox
          label={t("rules.links_unstated_view")}
          checked={wanted.links_unstated_view}
          onChange={(event) => change({ links_unstated_view: event.currentTarget.checked })}
        />
        <Group>
          <Button
            disabled={isSame}
            loading={save.isPending}
            onClick={() => save.mutate({ params: { path: { slug } }, body: wanted })}
          >
            {t("rules.save")}
          </Button>
          <Text size="xs" className="muted">
            {t("rules.effect")}
          </Text>
        </Group>
        <ErrorNotice error={save.error} />
      </Stack>
    </Panel>
  );
}
