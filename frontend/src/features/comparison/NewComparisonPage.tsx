import { Badge, Button, Checkbox, Grid, Group, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { api, asApiError, type Schemas } from "@/shared/api";
import { EmptyState, ErrorNotice, LinkButton, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { dateTime } from "@/shared/messages";
import { partWord } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { t } from "./text";
import classes from "./comparison.module.css";

type Comparable = Schemas["ComparableGroup"];
type Endpoint = Schemas["Comparison"]["primary_endpoint"];
const ENDPOINTS: readonly Endpoint[] = ["sensitivity", "specificity", "auc"];

const keyOf = ({ dataset_version: version, part }: Comparable): string => `${version} ${part}`;

export function Component() {
  const slug = useSlug();
  const choices = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/comparisons/choices",
    { params: { path: { slug } } },
    { staleTime: 0 },
  );
  return (
    <Page
      title={t("new_title")}
      lead={t("new_lead")}
      above={<TextLink to={`/studies/${slug}/comparisons`}>{t("back")}</TextLink>}
    >
      <Loaded query={choices}>
        {(groups) =>
          groups[0] ? (
            <NewForm slug={slug} groups={groups} first={groups.find(({ part }) => part === "test") ?? groups[0]} />
          ) : (
            <Panel>
              <EmptyState
                title={t("choices_none")}
                detail={t("choices_none_detail")}
                action={<LinkButton to={`/studies/${slug}/training`}>{t("to_training")}</LinkButton>}
              />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  );
}

function NewForm({ slug, groups, first }: { slug: string; groups: readonly Comparable[]; first: Comparable }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [key, setKey] = useState(keyOf(first));
  const group = groups.find((one) => keyOf(one) === key) ?? first;
  const [title, setTitle] = useState("");
  const [endpoint, setEndpoint] = useState<Endpoint>("sensitivity");
  const [scorings, setScorings] = useState<string[]>(() => group.scorings.map(({ id }) => String(id)));
  const [sessions, setSessions] = useState<string[]>(() => group.sessions.map(({ id }) => String(id)));
  const path = { slug };
  const start = api.useMutation("post", "/api/v1/studies/{slug}/comparisons", {
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({
        queryKey: api.queryOptions("get", "/api/v1/studies/{slug}/comparisons", { params: { path } }).queryKey,
      });
      void navigate(`/studies/${slug}/comparisons/${id}`);
    },
  });
  const refusal = start.error ? asApiError(start.error) : null;
  const choose = (value: string) => {
    const next = groups.find((one) => keyOf(one) === value) ?? first;
    setKey(value);
    setScorings(next.scorings.map(({ id }) => String(id)));
    setSessions(next.sessions.map(({ id }) => String(id)));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({
      params: { path },
      body: {
        title: title.trim(),
        dataset_version: group.dataset_version,
        part: group.part,
        scorings: scorings.map(Number),
        sessions: sessions.map(Number),
        primary_endpoint: endpoint,
      },
    });
  };
  const nothing = scorings.length + sessions.length === 0;
  return (
    <Panel>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <Grid>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <Select
                label={t("cases_field")}
                data={groups.map((one) => ({
                  value: keyOf(one),
                  label: t("group_option", { number: one.dataset_version, name: one.dataset_name, part: partWord(one.part).toLowerCase() }),
                }))}
                value={key}
                onChange={(value) => value && choose(value)}
                allowDeselect={false}
                inputWrapperOrder={["label", "input", "description", "error"]}
                error={refusal?.forField("part") ?? refusal?.forField("dataset_version")}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <TextInput
                label={t("title_field")}
                description={t("title_about")}
                value={title}
                onChange={(event) => setTitle(event.currentTarget.value)}
                maxLength={200}
                required
                inputWrapperOrder={["label", "input", "description", "error"]}
                error={refusal?.forField("title")}
              />
            </Grid.Col>
          </Grid>
          <Radio.Group
            label={t("endpoint_field")}
            description={t("endpoint_about")}
            value={endpoint}
            onChange={(value) => setEndpoint(value as Endpoint)}
            error={refusal?.forField("primary_endpoint")}
          >
            <Group gap="lg" mt={8}>
              {ENDPOINTS.map((value) => (
                <Radio key={value} value={value} label={t(value)} />
              ))}
            </Group>
          </Radio.Group>
          <Choices
            label={t("models_field")}
            none={t("models_none")}
            value={scorings}
            onChange={setScorings}
            error={refusal?.forField("scorings")}
            options={group.scorings.map(({ id, name, backbone, scored_at: at }) => ({
              id,
              name,
              detail: [backbone, at && t("scored", { when: dateTime(at) })].filter(Boolean).join(" · "),
            }))}
          />
          <Choices
            label={t("readers_field")}
            none={t("readers_none")}
            value={sessions}
            onChange={setSessions}
            error={refusal?.forField("sessions")}
            options={group.sessions.map((one) => ({
              id: one.id,
              name: one.reader,
              badge: one.is_simulated && <Badge color="gray">{t("simulated")}</Badge>,
              detail: [one.protocol, t("session", { number: one.number }), one.signed_at && t("signed", { when: dateTime(one.signed_at) })]
                .filter(Boolean)
                .join(" · "),
            }))}
          />
          <ErrorNotice error={start.error} />
          <Group justify="flex-end">
            {nothing && <Text className="muted">{t("choose_some")}</Text>}
            <Button type="submit" loading={start.isPending} disabled={nothing || !title.trim()}>
              {t("start")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

interface ChoicesProps {
  label: string;
  none: string;
  options: { id: number; name: string; detail: string; badge?: ReactNode }[];
  value: string[];
  onChange: (value: string[]) => void;
  error: string | undefined;
}

function Choices({ label, none, options, value, onChange, error }: ChoicesProps) {
  return (
    <Checkbox.Group label={label} value={value} onChange={onChange} error={error}>
      {options.length === 0 && <Text className="muted">{none}</Text>}
      <Stack gap="xs" mt={6}>
        {options.map((option) => (
          <Checkbox.Card key={option.id} value={String(option.id)} className={classes.choice} radius="sm">
            <Group gap="sm" wrap="nowrap">
              <Checkbox.Indicator />
              <Text fw={600} size="sm">
                {option.name}
              </Text>
              {option.badge}
              <Text size="sm" className="muted">
                {option.detail}
              </Text>
            </Group>
          </Checkbox.Card>
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
