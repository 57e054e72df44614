import { Badge, Table } from "@mantine/core";
import { Panel } from "@/shared/components";
import { quoted } from "./segments";
import { t } from "./text";
import { answerWord, type Given, ITEMS, type Note } from "./verdict";

const LETTERS = ["A", "B"] as const;

/** Both verdicts on a disputed note, without names; where they differ is said in words. */
export function VerdictsBeside({ note }: { note: Note }) {
  const verdicts = note.to_adjudicate;
  const differs = (item: (typeof ITEMS)[number]) => new Set(verdicts.map((verdict) => verdict[item])).size > 1;
  return (
    <Panel title={t("adjudicate.title")} lead={t("adjudicate.lead")} flush>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {verdicts.map((_, index) => (
              <Table.Th key={index}>{t("adjudicate.reader", { letter: LETTERS[index] ?? String(index + 1) })}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ITEMS.map((item) => (
            <Table.Tr key={item}>
              <Table.Th scope="row">
                {t(`form.${item}`)}
                {differs(item) && (
                  <Badge variant="default" ml={6} size="sm">
                    {t("adjudicate.differs")}
                  </Badge>
                )}
              </Table.Th>
              {verdicts.map((verdict, index) => (
                <Table.Td key={index} fw={differs(item) ? 650 : undefined}>
                  {answerWord(verdict[item])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
          {verdicts.some(({ comment }) => comment) && (
            <Table.Tr>
              <Table.Th scope="row">{t("form.comment")}</Table.Th>
              {verdicts.map(({ comment }, index) => (
                <Table.Td key={index} style={{ whiteSpace: "pre-wrap" }}>
                  {comment || "–"}
                </Table.Td>
              ))}
            </Table.Tr>
          )}
          {verdicts.some(hasQuote) && (
            <Table.Tr>
              <Table.Th scope="row">{t("form.quote")}</Table.Th>
              {verdicts.map((verdict, index) => (
                <Table.Td key={index}>{quoteOf(note, verdict)}</Table.Td>
              ))}
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

const hasQuote = (verdict: Given): boolean => verdict.quote_start !== null && verdict.quote_end !== null;

function quoteOf(note: Note, { quote_start: start, quote_end: end }: Given): string {
  return start !== null && end !== null ? quoted(note.text, { start, end }) : "–";
}
