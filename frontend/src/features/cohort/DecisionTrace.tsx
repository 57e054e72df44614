import { Alert, Stack, Table, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import type { Schemas } from "@/shared/api";
import { t, wordOf } from "./text";
import classes from "./rules.module.css";

type Decision = Schemas["DecisionTrace"];
type Row = Schemas["TraceRow"];
type Judged = Schemas["JudgedOperation"];

/** What the rules decided about a patient, and every question they asked of each operation until one said no. */
export function DecisionTrace({ decision, rows }: { decision: Decision; rows: readonly Row[] }) {
  const { reason, comparison_reason: comparison, rules_version: version } = decision;
  return (
    <Stack gap="xs" mt="sm">
      <Text>
        <b>{reason === "" ? t("decision.stays", { version }) : t("decision.leaves", { version, reason: wordOf("reason", reason) })}</b>
        {comparison !== null && " "}
        {comparison === "" && t("decision.eligible")}
        {comparison && t("decision.not_eligible", { reason: wordOf("reason", comparison) })}
      </Text>
      {!decision.is_up_to_date && <Alert color="yellow">{t("decision.stale")}</Alert>}
      {decision.judged.map((judged) => (
        <JudgedTable key={judged.row} judged={judged} rows={rows} isComparison={comparison !== null} />
      ))}
    </Stack>
  );
}

function JudgedTable({ judged, rows, isComparison }: { judged: Judged; rows: readonly Row[]; isComparison: boolean }) {
  const at = rows.find((row) => row.number === judged.row);
  const values = { cpt: judged.cpt, side: t(`side.${judged.side as "R"}`), day: at?.day ?? 0, row: judged.row };
  const title = t(isComparison ? "decision.primary" : "decision.revision", values);
  return (
    <Table verticalSpacing={3} aria-label={title}>
      <Table.Caption style={{ captionSide: "top", textAlign: "left", fontWeight: 600 }} mt={0} mb={2}>
        {title}
        {judged.is_index && ` · ${t("decision.index")}`}
      </Table.Caption>
      <Table.Tbody>
        {judged.tests.map(({ key, passed, rows: deciding }) => (
          <Table.Tr key={key}>
            <Table.Td w={26} className={passed ? classes.added : undefined} c={passed ? undefined : "red"}>
              {passed ? <IconCheck size={15} aria-label={t("decision.passed")} /> : <IconX size={15} aria-label={t("decision.failed")} />}
            </Table.Td>
            <Table.Td>{passed ? wordOf("passed", key) : wordOf("reason", key)}</Table.Td>
            <Table.Td className="muted">{deciding.map((row) => rowWord(row, rows, at?.day ?? 0)).join("; ")}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** "row 4: T84.030A, 12 days before" */
function rowWord(deciding: number, rows: readonly Row[], day: number): string {
  const row = rows.find((each) => each.number === deciding);
  if (!row) return "";
  const days = row.day - day;
  const code = row.kind === "follow_up" ? wordOf("complication", row.code) : row.code;
  const when = days === 0 ? t("decision.same_day") : days < 0 ? t("decision.before", { count: -days }) : t("decision.after", { count: days });
  return t("decision.row", { row: deciding, code, when });
}
