import { Badge, Group, Table, Text, Tooltip } from "@mantine/core";
import clsx from "clsx";
import { useRef } from "react";
import type { Schemas } from "@/shared/api";
import { Panel } from "@/shared/components";
import classes from "./NoteText.module.css";
import { type Evidence, quoted, segmentsOf, selectedSpan, type Span } from "./segments";
import { t } from "./text";

type Note = Schemas["OperativeNote"];

/** A letter for what it speaks of and a sign for whether it is said, denied or doubted: not by colour alone. */
const LETTER = { loose: "L", well_fixed: "F", infection: "I" } as const;
const SIGN = { affirmed: "+", negated: "−", hedged: "?" } as const;

const signOf = ({ kind, polarity }: Pick<Evidence, "kind" | "polarity">): string => LETTER[kind] + SIGN[polarity];

const whyNot = ({ why_not: why }: Evidence): string => t(`evidence.why.${why as WhyNot}`);

export function describe(mark: Evidence): string {
  const values = {
    kind: t(`legend.${mark.kind}`),
    polarity: t(`legend.${mark.polarity}`),
    component: t(`component.${mark.component}`),
    section: mark.section || t("evidence.no_section"),
  };
  return mark.counts ? t("evidence.tooltip", values) : t("evidence.tooltip_not", { ...values, why: whyNot(mark) });
}

type WhyNot = "section" | "other_side" | "history" | "film" | "plan" | "condition" | "risk" | "person" | "new_implant";

interface NoteTextProps {
  note: Note;
  quote: Span | null;
  /** Called when words have been selected. */
  onQuote: (span: Span) => void;
}

export function NoteText({ note, quote, onQuote }: NoteTextProps) {
  const container = useRef<HTMLDivElement>(null);
  const takeSelection = () => {
    const selection = window.getSelection();
    const span = container.current && selectedSpan(container.current, selection);
    if (!span) return;
    onQuote(span);
    selection?.removeAllRanges();
  };
  return (
    <Panel flush>
      <Legend />
      <div className={classes.body}>
        {/* Selecting is no pressing: the keys have a way of their own to quote (M). */}
        {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
        <div ref={container} className={classes.text} lang="en" onMouseUp={takeSelection}>
          {note.text.trim() === "" && (
            <Text size="sm" className="muted">
              {t("note.empty")}
            </Text>
          )}
          {segmentsOf(note.text, note.evidence, quote).map((segment) => {
            const { start, end, text, evidence, isQuoted } = segment;
            const place = { "data-start": start, "data-end": end };
            if (!evidence) {
              return (
                <span key={start} {...place} className={isQuoted ? classes.quoted : undefined}>
                  {text}
                </span>
              );
            }
            return (
              <Tooltip key={start} label={describe(evidence)} multiline maw={320}>
                <mark
                  {...place}
                  className={clsx(classes.mark, isQuoted && classes.quoted)}
                  data-kind={evidence.kind}
                  data-polarity={evidence.polarity}
                  data-counts={evidence.counts}
                  data-short={text.length < 30}
                  data-sign={start === evidence.start ? signOf(evidence) : "·"}
                >
                  {text}
                </mark>
              </Tooltip>
            );
          })}
        </div>
        <Hidden note={note} />
        <EvidenceList note={note} />
      </div>
    </Panel>
  );
}

function Sample({ kind, polarity, counts = true }: { kind: Evidence["kind"]; polarity: Evidence["polarity"]; counts?: boolean }) {
  const word = counts ? t(`legend.${kind}`) : t("legend.does_not_count");
  return (
    <mark
      className={classes.mark}
      data-kind={kind}
      data-polarity={polarity}
      data-counts={counts}
      data-sign={signOf({ kind, polarity })}
    >
      {word}
    </mark>
  );
}

function Legend() {
  return (
    <div className={classes.legend}>
      <Sample kind="loose" polarity="affirmed" />
      <Sample kind="well_fixed" polarity="affirmed" />
      <Sample kind="infection" polarity="affirmed" />
      {(["affirmed", "negated", "hedged"] as const).map((polarity) => (
        <span key={polarity}>
          <b>{SIGN[polarity]}</b>
          {t(`legend.${polarity}`)}
        </span>
      ))}
      <Sample kind="loose" polarity="affirmed" counts={false} />
    </div>
  );
}

const HIDDEN = ["name", "date", "number", "place", "age", "e-mail", "address"] as const;

/** The masking's report, as a radiograph has its de-identification's: how much of which kind, by which rules. */
function Hidden({ note }: { note: Note }) {
  const known = HIDDEN.flatMap((kind) => note.hidden.filter((row) => row.kind === kind).map((row) => ({ kind, places: row.places })));
  return (
    <Group gap={6} mt="md">
      <Text size="xs" fw={600}>
        {known.length > 0 ? t("note.hidden") : t("note.hidden_none")}
      </Text>
      {known.map(({ kind, places }) => (
        <Badge key={kind} size="sm" variant="default">
          {t(`note.hidden_${kind}`, { count: places })}
        </Badge>
      ))}
      <Text size="xs" className="muted">
        {t("note.rules", { masking: note.masking_version, rules: note.rules_version })}
      </Text>
      {note.evidence_up_to < Array.from(note.text).length && (
        <Text size="xs" className="muted">
          {t("note.evidence_up_to", { count: note.evidence_up_to })}
        </Text>
      )}
    </Group>
  );
}

function EvidenceList({ note }: { note: Note }) {
  if (note.evidence.length === 0) return null;
  return (
    <details style={{ marginTop: 10 }}>
      <summary>
        <Text size="sm" component="span">
          {t("evidence.list", { count: note.evidence.length })}
        </Text>
      </summary>
      <Table mt={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("evidence.words")}</Table.Th>
            <Table.Th>{t("evidence.says")}</Table.Th>
            <Table.Th>{t("evidence.component")}</Table.Th>
            <Table.Th>{t("evidence.section")}</Table.Th>
            <Table.Th>{t("evidence.counts")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {note.evidence.map((mark) => (
            <Table.Tr key={mark.start}>
              <Table.Td>{quoted(note.text, mark)}</Table.Td>
              <Table.Td>
                {t(`legend.${mark.kind}`)}
                {", "}
                {t(`legend.${mark.polarity}`)}
              </Table.Td>
              <Table.Td>{t(`component.${mark.component}`)}</Table.Td>
              <Table.Td>{mark.section}</Table.Td>
              <Table.Td>{mark.counts ? t("evidence.counts_yes") : t("evidence.counts_no", { why: whyNot(mark) })}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}
