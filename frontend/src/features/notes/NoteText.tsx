import { Table, Text, Tooltip } from "@mantine/core";
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

export function describe(mark: Evidence): string {
  const values = {
    kind: t(`legend.${mark.kind}`),
    polarity: t(`legend.${mark.polarity}`),
    component: t(`component.${mark.component}`),
    section: mark.section || t("evidence.no_section"),
  };
  return mark.counts ? t("evidence.tooltip", values) : t("evidence.tooltip_not", values);
}

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

function Hidden({ note }: { note: Note }) {
  const kinds = { date: "note.hidden_date", number: "note.hidden_number", name: "note.hidden_name", "e-mail": "note.hidden_e-mail" } as const;
  const list = note.hidden
    .map(({ kind, places }) => (kind in kinds ? t(kinds[kind as keyof typeof kinds], { count: places }) : kind))
    .join(", ");
  return (
    <Text size="xs" className="muted" mt="md">
      {list ? t("note.hidden", { list }) : t("note.hidden_none")}
      {" "}
      {t("note.suggestions", { version: note.rules_version })}
    </Text>
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
              <Table.Td>{mark.counts ? t("evidence.counts_yes") : t("evidence.counts_no")}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}
