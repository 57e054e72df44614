import { Table, Text } from "@mantine/core";
import type { Schemas } from "@/shared/api";
import { Panel } from "@/shared/components";
import { dateTime } from "@/shared/messages";
import { t } from "./text";

interface TouchesProps {
  touches: readonly Schemas["Touch"][];
  version: number;
  /** The run whose page this is: its own touch stands out. */
  run: string;
}

export function Touches({ touches, version, run }: TouchesProps) {
  const title = touches.length ? t("touches", { count: touches.length, version }) : t("touches_none", { version });
  return (
    <Panel title={title} lead={t("touches_about")} flush={touches.length > 0}>
      {touches.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("touch_at")}</Table.Th>
              <Table.Th>{t("touch_run")}</Table.Th>
              <Table.Th>{t("touch_reason")}</Table.Th>
              <Table.Th>{t("touch_by")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {touches.map((touch) => (
              <Table.Tr key={touch.at + touch.run}>
                <Table.Td className="numbers">{dateTime(touch.at)}</Table.Td>
                <Table.Td>
                  <Text span fw={touch.run === run ? 600 : 400} size="sm">
                    {touch.run}
                  </Text>
                </Table.Td>
                <Table.Td>{touch.reason}</Table.Td>
                <Table.Td>{touch.by ?? t("by_program")}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
