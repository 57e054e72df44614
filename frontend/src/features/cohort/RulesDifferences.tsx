import { Table, Text } from "@mantine/core";
import { number } from "@/shared/messages";
import { type Difference, differences, type RulesForm } from "./rules";
import { t } from "./text";
import classes from "./rules.module.css";

/** What one version of the rules says otherwise than another. */
export function RulesDifferences({ earlier, later }: { earlier: RulesForm; later: RulesForm }) {
  const found = differences(earlier, later);
  if (found.length === 0) {
    return (
      <Text size="sm" className="muted" px="md" py="sm">
        {t("differences.none")}
      </Text>
    );
  }
  return (
    <Table horizontalSpacing="md" verticalSpacing={6}>
      <Table.Tbody>
        {found.map((difference) => (
          <Table.Tr key={difference.field}>
            <Table.Th scope="row" w="38%" style={{ verticalAlign: "top" }}>
              {fieldName(difference)}
            </Table.Th>
            <Table.Td>
              <Change difference={difference} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function fieldName({ field }: Difference): string {
  if (field.startsWith("expected.")) return t("differences.expected", { step: t(field as "expected.registry") });
  return t(`field.${field as "primary.cpt"}`);
}

function Change({ difference }: { difference: Difference }) {
  const { added, removed, before, after } = difference;
  if (added.length + removed.length === 0) {
    return (
      <span className={classes.changed}>
        {valueWord(before)}
        {" → "}
        {valueWord(after)}
      </span>
    );
  }
  return (
    <>
      {removed.map((code) => (
        <span key={code}>
          <del className={`${classes.code} ${classes.removed}`}>{code}</del>{" "}
        </span>
      ))}
      {added.map((code) => (
        <span key={code}>
          <ins className={`${classes.code} ${classes.added}`}>{`+${code}`}</ins>{" "}
        </span>
      ))}
    </>
  );
}

function valueWord(value: boolean | number | null): string {
  if (value === null) return t("differences.not_stated");
  if (typeof value === "number") return number(value);
  return value ? t("differences.on") : t("differences.off");
}
