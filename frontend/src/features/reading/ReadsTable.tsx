import { Badge, Button, Table, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { Correct } from "./Correct";
import { answerOf, type Session } from "./calls";
import { caseCall } from "./findings";
import { isWhole, type MyRead, saidOf } from "./myReads";
import { t } from "./text";
import classes from "./reading.module.css";

interface ReadsTableProps {
  session: Session;
  reads: readonly MyRead[];
  /** Leads back to a case; null where answers are locked. */
  goTo: ((position: number) => void) | null;
  onCorrected: () => void;
}

/** One's own answers, those to be looked at again first; locked ones can be corrected, and both versions stay. */
export function ReadsTable({ session, reads, goTo, onCorrected }: ReadsTableProps) {
  const [corrected, setCorrected] = useState<MyRead | null>(null);
  const again = new Set(session.places.filter((place) => place.look_again).map(({ position }) => position));
  const rank = (read: MyRead) => (again.has(read.position) ? 0 : isWhole(session.form, read) ? 2 : 1);
  const rows = goTo ? reads.toSorted((a, b) => rank(a) - rank(b) || a.position - b.position) : reads;
  return (
    <>
      <Table className={classes.reads} verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={84}>{t("reads.case")}</Table.Th>
            <Table.Th>{t("reads.answer")}</Table.Th>
            <Table.Th w={120}>
              <VisuallyHidden>{t("reads.action")}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((read) => (
            <Row
              key={read.position}
              session={session}
              read={read}
              again={again.has(read.position)}
              onGo={goTo && (() => goTo(read.position))}
              onCorrect={() => setCorrected(read)}
            />
          ))}
        </Table.Tbody>
      </Table>
      {corrected && (
        <Correct
          session={session}
          read={corrected}
          onClose={() => setCorrected(null)}
          onCorrected={() => {
            setCorrected(null);
            onCorrected();
          }}
        />
      )}
    </>
  );
}

interface RowProps {
  session: Session;
  read: MyRead;
  again: boolean;
  onGo: (() => void) | null;
  onCorrect: () => void;
}

function Row({ session, read, again, onGo, onCorrect }: RowProps) {
  const number = read.position - session.practice_total;
  const name = t("reads.case_number", { number });
  return (
    <Table.Tr data-position={read.position}>
      <Table.Td className="numbers">{name}</Table.Td>
      <Table.Td>
        {drafted(session, read)}
        {again && (
          <Badge ml="xs" color="yellow" variant="light">
            {t("answer.look_again")}
          </Badge>
        )}
        {!isWhole(session.form, read) && (
          <Badge ml="xs" color="orange" variant="light">
            {t("reads.not_whole")}
          </Badge>
        )}
        {read.corrections.map((correction) => (
          <div key={correction.version} className={classes.correction}>
            {t("reads.correction", { version: correction.version, answer: saidOf(correction), reason: correction.reason })}
          </div>
        ))}
      </Table.Td>
      <Table.Td ta="right">
        <Button size="compact-sm" variant="default" onClick={onGo ?? onCorrect} aria-label={`${t(onGo ? "reads.open" : "reads.correct")}: ${name}`}>
          {t(onGo ? "reads.open" : "reads.correct")}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

/** The server computes a full form's call when it locks; of a draft the page says what it would be. */
function drafted(session: Session, read: MyRead): string {
  const isDraft = read.state !== "submitted" && read.state !== "signed";
  if (!isDraft || session.form === "quick") return saidOf(read);
  const { findings } = answerOf("full", { comment: read.comment, findings: read.findings });
  const said = findings && caseCall(findings);
  if (!said) return t("reads.nothing");
  return saidOf({ call: said.call, confidence: null, conclusion: said.conclusion === "cannot_assess" ? "" : (said.conclusion ?? "") });
}
