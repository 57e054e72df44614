import { Alert, Badge, Button, Group, Radio, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconSearch } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { RadiographViewer } from "@/shared/viewer";
import { t } from "./text";
import classes from "./Upload.module.css";
import { daysWord, ofWhom, sideWord } from "./words";

type Case = Schemas["LinkingCase"];
type Candidate = Schemas["LinkCandidate"];
const CASE = "/api/v1/studies/{slug}/linking/{radiograph_id}";

export function Component() {
  const slug = useSlug();
  const { radiographId = "" } = useParams();
  const [patient, setPatient] = useState("");
  const path = { slug, radiograph_id: Number(radiographId) };
  const found = api.useQuery("get", CASE, { params: { path, query: patient ? { patient } : {} } }, { retry: false });
  const base = `/api/v1/studies/${slug}/radiographs/${radiographId}`;
  const first = api.useQuery("get", CASE, { params: { path, query: {} } });
  return (
    <Page
      title={t("number", { id: radiographId })}
      lead={first.data?.patient ? ofWhom(first.data) : first.data?.link_problem}
      above={<TextLink to={`/studies/${slug}/radiographs/linking`}>{t("linking.back")}</TextLink>}
    >
      <Loaded query={first} height={640}>
        {(data) => (
          <div className={classes.detail}>
            <Panel flush>
              <RadiographViewer
                image={data.image}
                previewUrl={`${base}/preview`}
                fullDepthUrl={`${base}/full_depth`}
                height="min(76vh, 860px)"
              />
            </Panel>
            <div style={{ display: "grid", gap: 16 }}>
              <SaidByFile radiograph={data} />
              {data.patient || data.is_link_refused ? (
                <Decided radiograph={data} />
              ) : (
                <Panel title={t("candidates.title")} lead={t("candidates.lead")}>
                  <PatientSearch onSearch={setPatient} />
                  <ErrorNotice error={found.error} />
                  <Decide key={patient} candidates={found.data?.candidates ?? []} isAsked={patient !== ""} />
                </Panel>
              )}
              <History radiograph={data} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function SaidByFile({ radiograph }: { radiograph: Case }) {
  return (
    <Panel title={t("candidates.file")}>
      {!radiograph.patient && !radiograph.is_link_refused && (
        <Alert variant="light" color="orange" icon={<IconAlertTriangle />} mb="sm">
          {radiograph.link_problem}
        </Alert>
      )}
      <Text size="sm">{`${t("facts.side_in_image")}: ${sideWord(radiograph.laterality)}`}</Text>
      <Text size="sm">{`${t("facts.view")}: ${radiograph.view || t("facts.unknown")}`}</Text>
    </Panel>
  );
}

function PatientSearch({ onSearch }: { onSearch: (pseudonym: string) => void }) {
  const [pseudonym, setPseudonym] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(pseudonym.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end" mb="sm" wrap="nowrap">
        <TextInput
          size="xs"
          style={{ flex: 1 }}
          label={t("candidates.search")}
          placeholder="P-…"
          value={pseudonym}
          onChange={(event) => setPseudonym(event.currentTarget.value)}
          leftSection={<IconSearch size={14} />}
        />
        <Button size="xs" type="submit" variant="default">
          {t("candidates.find")}
        </Button>
      </Group>
    </form>
  );
}

function useDecisions() {
  const slug = useSlug();
  const queries = useQueryClient();
  const { radiographId = "" } = useParams();
  const params = { path: { slug, radiograph_id: Number(radiographId) } };
  const done = (message: string) => () => {
    notifications.show({ message });
    void queries.invalidateQueries({ predicate: ({ queryKey }) => /\/(linking|radiographs)(\/\{radiograph_id\})?$/.test(String(queryKey[1])) });
  };
  return {
    params,
    link: api.useMutation("post", `${CASE}/link`, { onSuccess: done(t("candidates.linked_note")) }),
    refuse: api.useMutation("post", `${CASE}/refuse`, { onSuccess: done(t("candidates.refused_note")) }),
    undo: api.useMutation("post", `${CASE}/undo`, { onSuccess: done(t("candidates.undone_note")) }),
  };
}

function Decide({ candidates, isAsked }: { candidates: readonly Candidate[]; isAsked: boolean }) {
  const { params, link, refuse } = useDecisions();
  const [hip, setHip] = useState("");
  const [reason, setReason] = useState("");
  const says = reason.trim();
  return (
    <Stack gap="sm">
      {candidates.length === 0 && (
        <Text size="sm" className="muted">
          {t(isAsked ? "candidates.none_of_patient" : "candidates.none")}
        </Text>
      )}
      <Radio.Group value={hip} onChange={setHip} label={t("candidates.label")} hidden={candidates.length === 0}>
        <Stack gap={8}>
          {candidates.map((candidate) => (
            <Radio key={candidate.hip} value={String(candidate.hip)} label={ofWhom(candidate)} description={about(candidate)} />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={t("candidates.reason")}
        description={t("candidates.reason_about")}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        autosize
        minRows={2}
      />
      <Group gap="xs">
        <Button
          disabled={!hip || !says}
          loading={link.isPending}
          onClick={() => link.mutate({ params, body: { hip: Number(hip), reason: says } })}
        >
          {t("candidates.link")}
        </Button>
        <Button
          variant="default"
          disabled={!says}
          loading={refuse.isPending}
          onClick={() => refuse.mutate({ params, body: { reason: says } })}
        >
          {t("candidates.refuse")}
        </Button>
      </Group>
      <ErrorNotice error={link.error ?? refuse.error} />
    </Stack>
  );
}

function about({ group, site, days_from_index_procedure: days, problem }: Candidate): string {
  const when = days == null ? "" : t(`candidates.when.${group || "none"}`, { days: daysWord(days) });
  return [site, when, problem || t("candidates.fits")].filter(Boolean).join(" · ");
}

function Decided({ radiograph }: { radiograph: Case }) {
  const { params, undo } = useDecisions();
  const last = radiograph.decisions.at(-1);
  return (
    <Panel title={t("linking.decision")}>
      <Stack gap="sm" align="flex-start">
        <Badge color={radiograph.patient ? "teal" : "gray"}>{t(`linking.act.${radiograph.patient ? "linked" : "refused"}`)}</Badge>
        <Text size="sm">{radiograph.patient ? ofWhom(radiograph) : t("candidates.refused_about")}</Text>
        {last && last.act !== "undone" ? (
          <Button variant="default" loading={undo.isPending} onClick={() => undo.mutate({ params })}>
            {t("candidates.undo")}
          </Button>
        ) : (
          <Text size="sm" className="muted">
            {t("candidates.by_rules")}
          </Text>
        )}
        <ErrorNotice error={undo.error} />
      </Stack>
    </Panel>
  );
}

function History({ radiograph }: { radiograph: Case }) {
  if (radiograph.decisions.length === 0) return null;
  return (
    <Panel title={t("candidates.history")}>
      <Stack gap={6}>
        {radiograph.decisions.map(({ act, reason, decided_by: by, decided_at: at }) => (
          <Text size="sm" key={at}>
            {[t(`linking.act.${act}`), by, reason].filter(Boolean).join(" · ")} <When at={at} />
          </Text>
        ))}
      </Stack>
    </Panel>
  );
}
