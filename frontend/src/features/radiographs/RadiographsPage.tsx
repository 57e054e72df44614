import { Badge, Checkbox, Group, Pagination, SegmentedControl, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { type Column, DataTable, EmptyState, LinkButton, Loaded, Page, Panel, TextLink } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { useAllRadiographs } from "./allRadiographs";
import { t } from "./text";
import classes from "./Upload.module.css";
import { daysWord, ofWhom, type Radiograph, sideWord, spacingWord } from "./words";

const PAGE = 48;

export function Component() {
  const slug = useSlug();
  const radiographs = useAllRadiographs();
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <Group gap="xs">
          <LinkButton variant="default" to={`/studies/${slug}/radiographs/linking`}>
            {t("linking.open", { count: radiographs.data?.filter(({ patient }) => patient === null).length ?? 0 })}
          </LinkButton>
          <LinkButton to={`/studies/${slug}/radiographs/upload`}>{t("upload")}</LinkButton>
        </Group>
      }
    >
      <Loaded query={radiographs} height={420}>
        {(all) => (all.length === 0 ? <None /> : <Some all={all} />)}
      </Loaded>
    </Page>
  );
}

function None() {
  const slug = useSlug();
  return (
    <Panel>
      <EmptyState
        title={t("none.title")}
        detail={t("none.detail")}
        action={<LinkButton to={`/studies/${slug}/radiographs/upload`}>{t("upload")}</LinkButton>}
      />
    </Panel>
  );
}

function Some({ all }: { all: readonly Radiograph[] }) {
  const [show, setShow] = useState("gallery");
  const [onlyUnlinked, setOnlyUnlinked] = useState(false);
  const [words, setWords] = useState("");
  const unlinked = all.filter(({ patient }) => patient === null);
  const wanted = words.toLowerCase().trim();
  const chosen = (onlyUnlinked ? unlinked : all).filter(({ patient, site, manufacturer }) =>
    [patient, site, manufacturer].some((text) => (text ?? "").toLowerCase().includes(wanted)),
  );
  return (
    <Panel flush>
      <Group justify="space-between" p="sm" gap="sm">
        <Group gap="md">
          <TextInput
            size="xs"
            w={230}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            placeholder={t("filter.text")}
            aria-label={t("filter.text")}
            leftSection={<IconSearch size={14} />}
          />
          <Checkbox
            size="sm"
            label={t("filter.unlinked", { count: unlinked.length })}
            checked={onlyUnlinked}
            onChange={(event) => setOnlyUnlinked(event.currentTarget.checked)}
          />
          <Text size="xs" className="muted" role="status">
            {t("gallery.count", { count: chosen.length })}
          </Text>
        </Group>
        <SegmentedControl
          size="xs"
          aria-label={t("show.label")}
          value={show}
          onChange={setShow}
          data={[
            { value: "gallery", label: t("show.gallery") },
            { value: "table", label: t("show.table") },
          ]}
        />
      </Group>
      {chosen.length === 0 && <EmptyState title={onlyUnlinked && !wanted ? t("none.unlinked") : common("table.empty")} />}
      {chosen.length > 0 && (show === "gallery" ? <Gallery radiographs={chosen} /> : <List radiographs={chosen} />)}
    </Panel>
  );
}

function Gallery({ radiographs }: { radiographs: readonly Radiograph[] }) {
  const slug = useSlug();
  const [page, setPage] = useState(1);
  const pages = Math.ceil(radiographs.length / PAGE);
  const current = Math.min(page, pages);
  return (
    <div style={{ padding: "4px 16px 16px" }}>
      <div className={classes.grid}>
        {radiographs.slice((current - 1) * PAGE, current * PAGE).map((radiograph) => (
          <Link key={radiograph.id} to={`/studies/${slug}/radiographs/${radiograph.id}`} className={classes.card}>
            <img
              className={classes.picture}
              src={`/api/v1/studies/${slug}/radiographs/${radiograph.id}/thumbnail`}
              alt={altOf(radiograph)}
              loading="lazy"
            />
            <span className={classes.words}>
              <b>{radiograph.patient ?? ofWhom(radiograph)}</b>
              <br />
              <span className="muted">{belowPicture(radiograph)}</span>
            </span>
          </Link>
        ))}
      </div>
      {pages > 1 && (
        <Group justify="center" mt="md" component="nav" aria-label={t("gallery.pages")}>
          <Pagination
            size="sm"
            total={pages}
            value={current}
            onChange={setPage}
            getControlProps={(control) => ({ "aria-label": common(`table.${control}`) })}
          />
        </Group>
      )}
    </div>
  );
}

function belowPicture({ patient, side, days_from_index_procedure: days, link_problem: problem }: Radiograph): string {
  if (!patient) return problem ?? "";
  return days == null ? sideWord(side) : t("gallery.below", { side: sideWord(side), days: daysWord(days) });
}

function altOf({ id, patient, side }: Radiograph): string {
  if (!patient) return t("gallery.alt_unlinked", { id: String(id) });
  return t("gallery.alt", { id: String(id), patient, side: sideWord(side) });
}

function List({ radiographs }: { radiographs: readonly Radiograph[] }) {
  const slug = useSlug();
  const columns: Column<Radiograph>[] = [
    {
      key: "radiograph",
      label: t("column.id"),
      value: ({ id }) => id,
      width: 130,
      show: ({ id }) => <TextLink to={`/studies/${slug}/radiographs/${id}`}>{t("number", { id: String(id) })}</TextLink>,
    },
    {
      key: "patient",
      label: t("column.patient"),
      value: ({ patient }) => patient,
      width: 130,
      show: ({ patient }) => patient ?? <Badge variant="default">{t("unlinked")}</Badge>,
    },
    { key: "side", label: t("column.side"), value: ({ side }) => (side ? sideWord(side) : "") },
    { key: "site", label: t("column.site"), value: ({ site }) => site },
    {
      key: "pixels",
      label: t("column.size"),
      value: ({ rows, columns: width }) => `${width} × ${rows}`,
      number: true,
      width: 130,
    },
    {
      key: "days_from_index_procedure",
      label: t("column.days"),
      value: (radiograph) => radiograph.days_from_index_procedure,
      show: (radiograph) => daysWord(radiograph.days_from_index_procedure),
      number: true,
    },
    { key: "spacing", label: t("column.spacing"), value: (radiograph) => spacingWord(radiograph.spacing_kind) },
    { key: "maker", label: t("column.maker"), value: ({ manufacturer }) => manufacturer },
    { key: "link_problem", label: t("column.problem"), value: (radiograph) => radiograph.link_problem },
  ];
  return (
    <DataTable rows={radiographs} columns={columns} rowKey={({ id }) => id} exportName={`${slug}-radiographs`} filterable={false} />
  );
}
