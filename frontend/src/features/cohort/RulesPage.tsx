import { Alert, Button, List, Menu, Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconChevronDown } from "@tabler/icons-react";
import { keepPreviousData, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { api, asApiError, type Schemas } from "@/shared/api";
import { ErrorNotice, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { hasMessage, relativeTime } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { dataOf, type Data, differences, formOf, type RuleField, type RulesForm as Form } from "./rules";
import { RulesDifferences } from "./RulesDifferences";
import { RulesForm } from "./RulesForm";
import { RulesPreview } from "./RulesPreview";
import { t } from "./text";
import classes from "./rules.module.css";

type Rules = Schemas["CohortRulesList"];

/** Where a new version of the rules is written. It begins with the latest one, with another, or with the published set. */
export function Component() {
  const slug = useSlug();
  const [search] = useSearchParams();
  const rules = api.useQuery("get", "/api/v1/studies/{slug}/cohort/rules", { params: { path: { slug } } });
  return (
    <Loaded query={rules} height={520}>
      {(data) => <Editor key={search.get("from") ?? ""} rules={data} from={Number(search.get("from")) || null} />}
    </Loaded>
  );
}

function usePreview(slug: string, form: Form) {
  const [settled] = useDebouncedValue(form, 400);
  const query = api.useQuery(
    "post",
    "/api/v1/studies/{slug}/cohort/preview",
    { params: { path: { slug } }, body: { rules: dataOf(settled) } },
    { placeholderData: keepPreviousData, staleTime: 0, retry: false },
  );
  return { ...query, busy: settled !== form || query.isFetching, isOfThis: settled === form };
}

function Editor({ rules, from }: { rules: Rules; from: number | null }) {
  const slug = useSlug();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const base = rules.versions.find(({ version }) => version === from) ?? rules.versions[0];
  const baseForm = formOf((base?.rules ?? rules.published) as Data);
  const [form, setForm] = useState(baseForm);
  const [note, setNote] = useState("");
  const preview = usePreview(slug, form);
  const save = api.useMutation("post", "/api/v1/studies/{slug}/cohort/rules", {
    onSuccess: ({ version }) => {
      void queries.invalidateQueries();
      notifications.show({ message: t("edit.saved", { version }) });
      void navigate(`/studies/${slug}/cohort?build=${version}`);
    },
  });
  const refusal = save.error ?? preview.error;
  const errorOf = (field: RuleField) => (refusal && asApiError(refusal).forField(field)) || undefined;
  const isChanged = !base || differences(baseForm, form).length > 0;
  const canSave = rules.may_edit && isChanged && !preview.error && preview.isOfThis;
  const change = (changed: Form) => {
    save.reset();
    setForm(changed);
  };
  return (
    <Page
      title={t("edit.title")}
      lead={base ? t("edit.lead_from", { version: base.version, next: (rules.versions[0]?.version ?? 0) + 1 }) : t("edit.lead_first")}
      above={<TextLink to={`/studies/${slug}/cohort`}>{t("edit.back")}</TextLink>}
      actions={<StartFrom rules={rules} onChoose={(data) => change(formOf(data))} />}
    >
      <div className={classes.editor}>
        <RulesForm form={form} onChange={change} errorOf={errorOf} />
        <div className={classes.aside}>
          <RulesPreview steps={preview.error ? undefined : preview.data?.steps} busy={preview.busy} invalid={Boolean(preview.error)} />
          {base && (
            <Panel title={t("differences.title", { version: base.version })} flush>
              <RulesDifferences earlier={baseForm} later={form} />
            </Panel>
          )}
          <Panel>
            <Stack gap="sm">
              <Textarea
                label={t("edit.note")}
                description={t("edit.note_about")}
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
                error={save.error ? asApiError(save.error).forField("note") : undefined}
                maxLength={500}
                autosize
                minRows={2}
              />
              {refusal && <Refusal error={refusal} />}
              {!rules.may_edit && <Text size="sm">{t("edit.not_yours")}</Text>}
              <Button
                disabled={!canSave}
                loading={save.isPending}
                onClick={() => save.mutate({ params: { path: { slug } }, body: { rules: dataOf(form), note } })}
              >
                {t("edit.save")}
              </Button>
              <Text size="xs" className="muted">
                {t("edit.save_about")}
              </Text>
            </Stack>
          </Panel>
        </div>
      </div>
    </Page>
  );
}

/** What is wrong, by the names that the form uses; anything else in the server's own words. */
function Refusal({ error }: { error: unknown }) {
  const { code, details } = asApiError(error);
  if (code !== "rules_invalid") return <ErrorNotice error={error} />;
  return (
    <Alert color="red" variant="light" role="alert" title={t("edit.invalid")}>
      <List size="sm">
        {details.map(({ field, message }) => (
          <List.Item key={`${field} ${message}`}>
            <b>{fieldName(field ?? "")}</b>
            {": "}
            {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function fieldName(field: string): string {
  const step = field.replace(/^expected\./, "");
  if (hasMessage(`cohort.field.${field}`)) return t(`field.${field as "primary.cpt"}`);
  return hasMessage(`cohort.expected.${step}`) ? t("differences.expected", { step: t(`expected.${step as "registry"}`) }) : field;
}

function StartFrom({ rules, onChoose }: { rules: Rules; onChoose: (data: Data) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          {t("edit.start_from")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoose(rules.published as Data)}>{t("edit.published")}</Menu.Item>
        {rules.versions.length > 0 && <Menu.Divider />}
        {rules.versions.slice(0, 12).map(({ version, rules: data, created_at: at }) => (
          <Menu.Item key={version} onClick={() => onChoose(data as Data)}>
            {t("edit.version", { version, when: relativeTime(at) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
