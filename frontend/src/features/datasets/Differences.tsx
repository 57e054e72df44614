import { Badge, Group, Select, Text } from "@mantine/core";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { type Column, DataTable, Loaded, Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { labelWord, partWord } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { rungWord } from "./selection";
import { t } from "./text";

type Difference = Schemas["Difference"];
type Kind = Difference["kind"];
const KINDS: readonly Kind[] = ["added", "removed", "label", "rung", "part"];

const inWords = (kind: Kind, value: string): string => {
  if (!value) return "–";
  return kind === "part" ? partWord(value) : kind === "rung" ? rungWord(value) : labelWord(value);
};

const COLUMNS: Column<Difference>[] = [
  { key: "change", label: t("change"), value: ({ kind }) => t(`change.${kind}`), width: 170 },
  { key: "patient", label: t("word_patient"), value: ({ patient, side }) => `${patient} ${side}` },
  { key: "earlier_case", label: t("case_then"), value: ({ earlier_case: then }) => then, number: true, width: 120 },
  { key: "case", label: t("case_now"), value: ({ case: now }) => now, number: true, width: 120 },
  { key: "before", label: t("before"), value: ({ kind, before }) => inWords(kind, before), width: 170 },
  { key: "after", label: t("after"), value: ({ kind, after }) => inWords(kind, after), width: 170 },
];

/** What this version holds that an earlier one did not, and the other way round. */
export function Differences({ version }: { version: Schemas["DatasetVersionDetail"] }) {
  const slug = useSlug();
  const versions = api.useQuery("get", "/api/v1/studies/{slug}/datasets", { params: { path: { slug } } });
  const earlier = (versions.data ?? []).filter(
    ({ number: other, is_practice: practice }) => other < version.number && practice === version.is_practice,
  );
  const [chosen, setChosen] = useState<number | null>(null);
  const against = chosen ?? earlier[0]?.number;
  if (against === undefined) return null;
  return (
    <Panel
      title={t("differences")}
      flush
      actions={
        <Select
          aria-label={t("differences_with")}
          data={earlier.map(({ number: other, name }) => ({
            value: String(other),
            label: t("version", { number: other, name }),
          }))}
          value={String(against)}
          onChange={(value) => value && setChosen(Number(value))}
          allowDeselect={false}
          w={300}
        />
      }
    >
      <Compared slug={slug} number={version.number} earlier={against} />
    </Panel>
  );
}

function Compared({ slug, number: now, earlier }: { slug: string; number: number; earlier: number }) {
  const query = api.useQuery("get", "/api/v1/studies/{slug}/datasets/{number}/differences/{earlier}", {
    params: { path: { slug, number: now, earlier } },
  });
  return (
    <Loaded query={query}>
      {({ counts, shown, withheld, same }) => (
        <>
          <Group gap="xs" px="md" pb="sm">
            <Text size="sm">{t("same", { count: same })}</Text>
            {KINDS.filter((kind) => counts[kind]).map((kind) => (
              <Badge key={kind} color="gray" variant="light">
                {`${t(`change.${kind}`)}: ${number(counts[kind] ?? 0)}`}
              </Badge>
            ))}
            {withheld > 0 && (
              <Text size="sm" className="muted">
                {t("differences_withheld", { count: withheld })}
              </Text>
            )}
          </Group>
          {shown.length > 0 && (
            <DataTable
              rows={shown}
              columns={COLUMNS}
              rowKey={({ kind, patient, side, case: one, earlier_case: other }) => `${kind} ${patient} ${side} ${one} ${other}`}
              exportName={`${slug}-version-${now}-against-${earlier}`}
              pageSize={20}
            />
          )}
        </>
      )}
    </Loaded>
  );
}
