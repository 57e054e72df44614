import { Table, Text } from "@mantine/core";
import { api, type Schemas } from "@/shared/api";
import { About, Loaded, Panel } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { t } from "./text";
import { answerWord } from "./verdict";

type Agreement = Schemas["Agreement"];
type Answer = Parameters<typeof answerWord>[0];

/** Counted anew when the page is opened: a verdict changes it, and nobody waits for it. */
export function AgreementPanel() {
  const slug = useSlug();
  const report = api.useQuery("get", "/api/v1/studies/{slug}/notes/agreement", { params: { path: { slug } } }, { staleTime: 0 });
  return (
    <Loaded query={report} height={260}>
      {(data) => (
        <>
          <Rows
            title={t("agreement.title")}
            lead={t("agreement.lead")}
            none={t("agreement.none")}
            about={t("agreement.about")}
            rows={data.between_abstractors}
            axes={{ rows: t("agreement.first"), columns: t("agreement.second") }}
          />
          <Rows
            title={t("suggestions.title")}
            lead={t("suggestions.lead", { version: data.rules_version })}
            none={t("suggestions.none")}
            about={t("suggestions.about")}
            rows={data.with_suggestions}
            axes={{ rows: t("suggestions.rules"), columns: t("suggestions.people") }}
          />
        </>
      )}
    </Loaded>
  );
}

interface RowsProps {
  title: string;
  lead: string;
  none: string;
  about: string;
  rows: readonly Agreement[];
  axes: Axes;
}

interface Axes {
  rows: string;
  columns: string;
}

function Rows({ title, lead, none, about, rows, axes }: RowsProps) {
  const some = rows.some(({ notes }) => notes > 0);
  return (
    <Panel title={title} lead={some ? lead : none} actions={<About>{about}</About>} flush>
      {some && (
        <Table horizontalSpacing="md" verticalSpacing={7}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("agreement.item")}</Table.Th>
              <Table.Th className="number">{t("agreement.notes")}</Table.Th>
              <Table.Th className="number">{t("agreement.agree")}</Table.Th>
              <Table.Th className="number">{t("agreement.share")}</Table.Th>
              <Table.Th className="number">{t("agreement.kappa")}</Table.Th>
              <Table.Th>{t("agreement.where")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.item} style={{ verticalAlign: "top" }}>
                <Table.Th scope="row">{t(`form.${row.item}`)}</Table.Th>
                <Table.Td className="number">{number(row.notes)}</Table.Td>
                <Table.Td className="number">{number(row.agree)}</Table.Td>
                <Table.Td className="number">{row.share === null ? "–" : shareOf(row)}</Table.Td>
                <Table.Td className="number">{kappaOf(row)}</Table.Td>
                <Table.Td>
                  <Crossed row={row} axes={axes} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

function shareOf({ share, share_low: low, share_high: high }: Agreement): string {
  const interval = low !== null && high !== null ? { low: percent(low, 1), high: percent(high, 1) } : null;
  return interval ? t("agreement.with_interval", { value: percent(share!, 1), ...interval }) : percent(share!, 1);
}

function kappaOf({ kappa, kappa_low: low, kappa_high: high, undefined: why }: Agreement) {
  if (kappa === null) {
    return (
      <Text size="sm" className="muted" title={why}>
        {t("agreement.undefined")}
      </Text>
    );
  }
  if (low === null || high === null) return <span title={why}>{number(kappa, 2)}</span>;
  return t("agreement.with_interval", { value: number(kappa, 2), low: number(low, 2), high: number(high, 2) });
}

const answerOf = (item: string, category: string): string =>
  answerWord(item === "diagnoses_agree" ? category === "yes" : (category as Answer));

/** Only where they differ: "loose / well fixed: 3". */
function Crossed({ row, axes }: { row: Agreement; axes: Axes }) {
  const cells = row.table.flatMap((counts, first) =>
    counts.flatMap((count, second) => (first !== second && count > 0 ? [{ first, second, count }] : [])),
  );
  if (cells.length === 0) return <Text size="sm">{row.notes > 0 ? t("agreement.nowhere") : "–"}</Text>;
  return (
    <ul style={{ margin: 0, paddingLeft: 16 }} aria-label={`${axes.rows} / ${axes.columns}`}>
      {cells.map(({ first, second, count }) => (
        <li key={`${first}-${second}`}>
          <Text size="xs">
            {t("agreement.cell", {
              rows: axes.rows,
              first: answerOf(row.item, row.categories[first]!),
              columns: axes.columns,
              second: answerOf(row.item, row.categories[second]!),
              count: number(count),
            })}
          </Text>
        </li>
      ))}
    </ul>
  );
}
