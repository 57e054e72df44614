import { Badge, Grid, MultiSelect, Table, Text } from "@mantine/core";
import * as Plot from "@observablehq/plot";
import { useQueries } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { EmptyState, Figure, Loaded, Page, Panel, StatusBadge, TextLink } from "@/shared/components";
import { number } from "@/shared/messages";
import { isActive, pollWhile } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { differences } from "./differences";
import { asText } from "./form";
import { curvePoints, lowest, metric, validationAuc } from "./metrics";
import { fieldLabel, t } from "./text";
import classes from "./training.module.css";

type Run = Schemas["Run"];

const MOST = 8;

/** Runs beside each other; which ones is in the address, so that it can be sent to a colleague. */
export function Component() {
  const slug = useSlug();
  const base = `/studies/${slug}/training`;
  const [search, setSearch] = useSearchParams();
  const chosen = (search.get("runs") ?? "").split(",").filter(Boolean).slice(0, MOST);
  const runs = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/runs",
    { params: { path: { slug } } },
    { refetchInterval: ({ state }) => pollWhile(state.data?.some(({ job }) => isActive(job))), staleTime: 0 },
  );
  return (
    <Page title={t("compare_title")} lead={t("compare_lead")} above={<TextLink to={base}>{t("back")}</TextLink>}>
      <Loaded query={runs} height={420}>
        {(all) => {
          const shown = chosen.flatMap((id) => all.filter((run) => String(run.id) === id));
          return (
            <>
              <Panel>
                <MultiSelect
                  label={t("compare_choose")}
                  description={t("compare_choose_about")}
                  data={all.map(({ id, name }) => ({ value: String(id), label: `${id} · ${name}` }))}
                  value={chosen}
                  onChange={(ids) => setSearch({ runs: ids.join(",") }, { replace: true })}
                  maxValues={MOST}
                  searchable
                  clearable
                />
              </Panel>
              {shown.length < 2 ? (
                <Panel>
                  <EmptyState title={t("compare_few")} detail={t("compare_few_detail")} />
                </Panel>
              ) : (
                <Compared runs={shown} base={base} />
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Compared({ runs, base }: { runs: readonly Run[]; base: string }) {
  return (
    <>
      <Panel title={t("curves")}>
        <Grid gap="xl">
          {(["loss", "auc"] as const).map((name) => (
            <Grid.Col key={name} span={{ base: 12, sm: 6 }}>
              <Overlaid runs={runs} name={name} />
            </Grid.Col>
          ))}
        </Grid>
      </Panel>
      <Panel title={t("compare_figure")} flush>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("column_name")}</Table.Th>
              <Table.Th>{t("compare_state")}</Table.Th>
              <Table.Th ta="right">{t("compare_epochs")}</Table.Th>
              <Table.Th ta="right">{t("compare_loss")}</Table.Th>
              <Table.Th ta="right">{t("compare_auc")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="numbers">
            {runs.map((run) => (
              <FiguresRow key={run.id} run={run} base={base} />
            ))}
          </Table.Tbody>
        </Table>
      </Panel>
      <Differences runs={runs} />
    </>
  );
}

function FiguresRow({ run, base }: { run: Run; base: string }) {
  const best = lowest(curvePoints(run.epochs, "loss"));
  const loss = metric(run.validation_metrics, "validation_loss") ?? best?.value;
  const auc = validationAuc(run);
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to={`${base}/${run.id}`}>{run.name}</TextLink>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={run.job.status} />
      </Table.Td>
      <Table.Td ta="right">{number(run.epochs.length)}</Table.Td>
      <Table.Td ta="right">{loss == null ? "–" : number(loss, 3)}</Table.Td>
      <Table.Td ta="right">{auc == null ? "–" : number(auc, 3)}</Table.Td>
    </Table.Tr>
  );
}

function Overlaid({ runs, name }: { runs: readonly Run[]; name: "loss" | "auc" }) {
  const points = useMemo(
    () =>
      runs.flatMap((run) =>
        curvePoints(run.epochs, name)
          .filter(({ part }) => part === "validation")
          .map(({ epoch, value }) => ({ epoch, value, run: `${run.id} · ${run.name}` })),
      ),
    [runs, name],
  );
  const label = t(name === "loss" ? "curve_loss" : "curve_auc");
  const draw = useCallback(
    (width: number) =>
      Plot.plot({
        width,
        height: 300,
        marginLeft: 46,
        color: { legend: true, scheme: "Tableau10" },
        x: { label: t("curve_epoch"), tickFormat: "d" },
        y: { label, grid: true, nice: true, ...(name === "auc" ? { domain: [0, 1] } : { zero: false }) },
        marks: [
          Plot.line(points, { x: "epoch", y: "value", stroke: "run", strokeWidth: 2 }),
          Plot.tip(points, Plot.pointer({ x: "epoch", y: "value", title: (point: (typeof points)[number]) => `${point.run}\n${t("curve_epoch")} ${point.epoch}: ${number(point.value, 3)}` })),
        ],
      }),
    [points, label, name],
  );
  const caption = t("compare_curve", { name: label });
  return <Figure exportName={`runs-${runs.map(({ id }) => id).join("-")}-${name}`} description={caption} caption={caption} draw={draw} />;
}

/** The list of runs has no configurations: each run's own page of the API has. */
function Differences({ runs }: { runs: readonly Run[] }) {
  const slug = useSlug();
  const details = useQueries({
    queries: runs.map(({ id }) =>
      api.queryOptions("get", "/api/v1/studies/{slug}/runs/{run_id}", { params: { path: { slug, run_id: id } } }),
    ),
  });
  const loaded = details.flatMap(({ data }) => (data ? [data] : []));
  if (loaded.length < runs.length) return null;
  const rows = differences(loaded);
  return (
    <Panel title={t("compare_differences")} flush={rows.length > 0}>
      {rows.length === 0 ? (
        <Text className="muted">{t("compare_same")}</Text>
      ) : (
        <Table.ScrollContainer minWidth={160 + 130 * loaded.length}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("search_field")}</Table.Th>
                {loaded.map(({ id, name }) => (
                  <Table.Th key={id} ta="right" title={name}>
                    {`${id}`}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="numbers">
              {rows.map(({ field, values }) => (
                <Table.Tr key={field}>
                  <Table.Td className="muted">{fieldLabel(field)}</Table.Td>
                  {values.map((value, index) => (
                    <Table.Td key={loaded[index]?.id} ta="right" className={classes.changed}>
                      {asText(value) || <Badge color="gray">{t("none")}</Badge>}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}
