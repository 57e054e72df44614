import { Group, Loader, Table, Text } from "@mantine/core";
import type { Schemas } from "@/shared/api";
import { Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { t, wordOf } from "./text";
import classes from "./rules.module.css";

type Step = Schemas["PreviewStep"];

interface RulesPreviewProps {
  steps: readonly Step[] | undefined;
  busy: boolean;
  /** The rules as they stand cannot be counted. */
  invalid: boolean;
  /** Without the reasons. */
  brief?: boolean;
}

/** What these rules would make of the registry as it stands; nothing is saved by looking. */
export function RulesPreview({ steps, busy, invalid, brief }: RulesPreviewProps) {
  return (
    <Panel
      title={
        <Group gap="xs">
          {t("preview.title")}
          {busy && <Loader size={14} aria-label={t("preview.busy")} />}
        </Group>
      }
      lead={t("preview.lead")}
      flush
    >
      {invalid && (
        <Text size="sm" px="md" py="sm" role="status">
          {t("preview.invalid")}
        </Text>
      )}
      {!invalid && !steps && (
        <Text size="sm" className="muted" px="md" py="sm">
          {t("preview.busy")}
        </Text>
      )}
      {!invalid && steps && (
        <Table horizontalSpacing="md" verticalSpacing={4} className={busy ? classes.stale : undefined} aria-live="polite">
          <Table.Tbody>
            {steps.map((step) => (
              <StepRows key={step.key} step={brief ? { ...step, excluded: [] } : step} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

function StepRows({ step }: { step: Step }) {
  return (
    <>
      <Table.Tr>
        <Table.Th scope="row" colSpan={1}>
          {t(`preview.${step.key}`)}
        </Table.Th>
        <Table.Td className="number">
          <b>{number(step.patients_out)}</b>
          <Expected expected={step.expected} found={step.patients_out} />
        </Table.Td>
      </Table.Tr>
      {step.excluded.map(({ reason, patients }) => (
        <Table.Tr key={reason}>
          <Table.Td pl={28}>
            <Text size="xs" className="muted">
              {wordOf("reason", reason)}
            </Text>
          </Table.Td>
          <Table.Td className="number">
            <Text size="xs" className="muted" component="span">
              {"− "}
              {number(patients)}
            </Text>
          </Table.Td>
        </Table.Tr>
      ))}
    </>
  );
}

function Expected({ expected, found }: { expected: number | null; found: number }) {
  if (expected === null) return null;
  const met = expected === found;
  return (
    <Text size="xs" style={{ whiteSpace: "nowrap" }} className={met ? classes.added : undefined} c={met ? undefined : "red"}>
      {met ? t("flow.matches") : t("flow.differs", { expected })}
    </Text>
  );
}
