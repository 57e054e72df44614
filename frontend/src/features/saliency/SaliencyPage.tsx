import { ActionIcon, Alert, Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconInfoCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { EmptyState, ErrorNotice, JobProgress, Loaded, Panel } from "@/shared/components";
import { isActive, labelWord, partWord, pollWhile, RunFrame, useRun } from "@/shared/runs";
import { DrawnMaps } from "./DrawnMaps";
import { MapView } from "./MapView";
import { QualityPanel } from "./QualityPanel";
import { methodAbout, methodTitle, t } from "./text";

type Maps = Schemas["Maps"];
type RequestedMethod = Schemas["RequestMapRequest"]["method"];

export function Component() {
  const { runId, query } = useRun();
  return (
    <RunFrame runId={runId} query={query}>
      {(run) => (
        <>
          <Alert color="yellow" variant="light" icon={<IconInfoCircle />} title={t("warning")}>
            {t("warning_detail")}
          </Alert>
          {run.job.status === "succeeded" ? (
            <Saliency run={run} />
          ) : (
            <Panel>
              <EmptyState title={t("not_finished")} detail={t("not_finished_detail")} />
            </Panel>
          )}
        </>
      )}
    </RunFrame>
  );
}

function Saliency({ run }: { run: Schemas["RunDetail"] }) {
  const { path } = useRun();
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/runs/{run_id}/maps",
    { params: { path } },
    { refetchInterval: ({ state }) => pollWhile(state.data?.maps.some(({ job }) => isActive(job))), staleTime: 0 },
  );
  return (
    <Loaded query={query} height={500}>
      {(maps) => <Chosen maps={maps} sealed={!run.test_scored} />}
    </Loaded>
  );
}

/** What the address names; else the first map there is, so that something is on the page at once. */
function useChoice(maps: Maps) {
  const [search, setSearch] = useSearchParams();
  const first = maps.maps.find(({ job }) => job.status === "succeeded");
  const wanted = Number(search.get("case"));
  const known = maps.cases.find((one) => one.case === wanted);
  const number = known?.case ?? first?.case ?? maps.cases[0]?.case ?? 0;
  const asked = search.get("method");
  const method = asked && maps.methods.includes(asked) ? asked : ((known ? undefined : first?.method) ?? maps.methods[0] ?? "");
  const choose = (changes: { case?: number; method?: string }) =>
    setSearch({ case: String(changes.case ?? number), method: changes.method ?? method }, { replace: true });
  return { number, method, choose };
}

function Chosen({ maps, sealed }: { maps: Maps; sealed: boolean }) {
  const { number, method, choose } = useChoice(maps);
  const map = maps.maps.find((one) => one.case === number && one.method === method);
  const at = maps.cases.findIndex((one) => one.case === number);
  const step = (by: number) => {
    const next = maps.cases[at + by];
    if (next) choose({ case: next.case });
  };
  return (
    <>
      <Panel title={t("choose")}>
        <Group align="flex-end" gap="md">
          <Group align="flex-end" gap={4}>
            <Select
              label={t("case")}
              searchable
              w={320}
              data={maps.cases.map((one) => ({
                value: String(one.case),
                label: t("case_option", { number: one.case, label: labelWord(one.label).toLowerCase(), part: partWord(one.part).toLowerCase() }),
              }))}
              value={String(number)}
              onChange={(value) => value && choose({ case: Number(value) })}
              allowDeselect={false}
            />
            <ActionIcon variant="default" size={36} onClick={() => step(-1)} disabled={at <= 0} aria-label={t("case_previous")}>
              <IconChevronLeft size={17} />
            </ActionIcon>
            <ActionIcon variant="default" size={36} onClick={() => step(1)} disabled={at >= maps.cases.length - 1} aria-label={t("case_next")}>
              <IconChevronRight size={17} />
            </ActionIcon>
          </Group>
          <Stack gap={4}>
            <Text size="sm" fw={600} component="span">
              {t("method")}
            </Text>
            <SegmentedControl
              aria-label={t("method")}
              value={method}
              onChange={(value) => choose({ method: value })}
              data={maps.methods.map((value) => ({ value, label: methodTitle(value) }))}
            />
          </Stack>
        </Group>
        <Text size="sm" className="muted" mt="xs">
          {methodAbout(method)}
          {sealed && " " + t("sealed")}
        </Text>
      </Panel>
      <OneMap map={map} maps={maps} number={number} method={method} />
      <QualityPanel method={method} />
      {maps.maps.length > 0 && <DrawnMaps maps={maps} onShow={choose} />}
    </>
  );
}

interface OneMapProps {
  map: Schemas["Map"] | undefined;
  maps: Maps;
  number: number;
  method: string;
}

function OneMap({ map, maps, number, method }: OneMapProps) {
  const { path } = useRun();
  const queries = useQueryClient();
  const request = api.useMutation("post", "/api/v1/studies/{slug}/runs/{run_id}/maps", {
    onSuccess: () =>
      queries.invalidateQueries({
        queryKey: api.queryOptions("get", "/api/v1/studies/{slug}/runs/{run_id}/maps", { params: { path } }).queryKey,
      }),
  });
  const ask = () => request.mutate({ params: { path }, body: { case: number, method: method as RequestedMethod } });
  const button = (
    <Button onClick={ask} loading={request.isPending}>
      {t(map ? "again" : "request")}
    </Button>
  );
  const label = maps.cases.find((one) => one.case === number)?.label ?? "";
  return (
    <>
      <ErrorNotice error={request.error} />
      {map && map.job.status !== "succeeded" && (
        <Panel>
          <JobProgress
            status={map.job.status}
            doing={map.job.status === "queued" ? t("waiting") : t("doing")}
            workerLost={map.job.worker_lost}
            failure={map.job.status === "failed" ? { reason: map.job.failure_reason, advice: map.job.failure_advice } : null}
            actions={!isActive(map.job) && button}
          />
        </Panel>
      )}
      <MapView
        number={number}
        label={label}
        method={method}
        map={map?.job.status === "succeeded" ? map : undefined}
        missing={map ? undefined : <EmptyState title={t("no_map")} detail={t("no_map_detail")} action={button} />}
      />
    </>
  );
}
