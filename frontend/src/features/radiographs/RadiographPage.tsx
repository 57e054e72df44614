import { Alert, Badge, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { RadiographViewer } from "@/shared/viewer";
import { t } from "./text";
import classes from "./Upload.module.css";
import { daysWord, ofWhom, sideWord, spacingWord } from "./words";

type Detail = Schemas["RadiographDetail"];

export function Component() {
  const slug = useSlug();
  const { radiographId = "" } = useParams();
  const radiograph = api.useQuery("get", "/api/v1/studies/{slug}/radiographs/{radiograph_id}", {
    params: { path: { slug, radiograph_id: Number(radiographId) } },
  });
  const base = `/api/v1/studies/${slug}/radiographs/${radiographId}`;
  return (
    <Page
      title={t("number", { id: radiographId })}
      lead={radiograph.data && ofWhom(radiograph.data)}
      above={<TextLink to={`/studies/${slug}/radiographs`}>{t("back")}</TextLink>}
    >
      <Loaded query={radiograph} height={640}>
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
              {!data.patient && (
                <Alert variant="default" icon={<IconAlertTriangle />} title={t("facts.not_linked")}>
                  {data.link_problem}
                </Alert>
              )}
              <Facts radiograph={data} />
              <Report report={data.report} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ radiograph }: { radiograph: Detail }) {
  const { image } = radiograph;
  const { pixel_spacing_row_mm: row, pixel_spacing_column_mm: column } = image;
  const kind = spacingWord(image.spacing_kind);
  const size = { columns: radiograph.columns, rows: radiograph.rows, bits: radiograph.bits_stored };
  return (
    <Panel title={t("facts.title")} flush>
      <Table horizontalSpacing="md" verticalSpacing={5}>
        <Table.Tbody>
          <Fact name={t("facts.patient")}>{ofWhom(radiograph)}</Fact>
          <Fact name={t("facts.site")}>{radiograph.site ?? t("facts.unknown")}</Fact>
          <Fact name={t("facts.side_in_image")}>{sideWord(radiograph.laterality)}</Fact>
          <Fact name={t("facts.view")}>{radiograph.view || t("facts.unknown")}</Fact>
          <Fact name={t("facts.days")}>{daysWord(radiograph.days_from_index_procedure)}</Fact>
          <Fact name={t("facts.size")}>{t("facts.size_text", size)}</Fact>
          <Fact name={t("facts.spacing")}>
            {row && column ? t("facts.spacing_text", { row: number(row, 3), column: number(column, 3), kind }) : kind}
          </Fact>
          <Fact name={t("facts.maker")}>{radiograph.manufacturer || t("facts.unknown")}</Fact>
          <Fact name={t("facts.accepted")}>
            <When at={radiograph.accepted_at} />
          </Fact>
          <Fact name={t("facts.hash")}>
            <span className={classes.hash}>{radiograph.pixel_sha256}</span>
          </Fact>
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={130}>
        {name}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

const PARTS = ["kept", "replaced", "rebuilt", "value_not_allowed", "dropped"] as const;

function Report({ report }: { report: Detail["report"] }) {
  const { profile_version: profile, checked_against: standard, burned_in_text: burnedIn } = report;
  return (
    <Panel title={t("report.title")} lead={t("report.lead", { profile, standard })}>
      {PARTS.map((part) => (
        <details key={part} open={part === "value_not_allowed" && report[part].length > 0} style={{ marginBottom: 8 }}>
          <summary>
            <Text size="sm" component="span" fw={600}>
              {t(`report.${part}`)}
              {": "}
              {report[part].length === 0 ? t("report.nothing") : number(report[part].length)}
            </Text>
          </summary>
          <Text size="xs" className="muted" mt={2}>
            {t(`report.${part}_about`)}
          </Text>
          <div className={classes.elements}>
            {report[part].map((element) => (
              <Badge key={element} variant="outline" color="gray" size="sm">
                {element}
              </Badge>
            ))}
          </div>
        </details>
      ))}
      <Text size="sm" mt="sm">
        {burnedIn === "not checked" ? t("report.burned_in_not_checked") : t("report.burned_in", { state: burnedIn })}
      </Text>
    </Panel>
  );
}
