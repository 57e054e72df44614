import { Kbd, Modal, Table, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { t } from "@/shared/messages";

export interface KeyGroup {
  title: string;
  keys: readonly { keys: readonly string[]; does: string }[];
}

interface KeyboardHelpProps {
  groups: readonly KeyGroup[];
  opened: boolean;
  onToggle: () => void;
}

/** The keys of a page; `?` opens and closes it. */
export function KeyboardHelp({ groups, opened, onToggle }: KeyboardHelpProps) {
  useHotkeys([["shift+?", onToggle], ["?", onToggle]]);
  return (
    <Modal
      opened={opened}
      onClose={onToggle}
      title={t("keys.title")}
      size="lg"
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {groups.map((group) => (
        <div key={group.title}>
          <Text fw={600} size="sm" mt="sm">
            {group.title}
          </Text>
          <Table withRowBorders={false} verticalSpacing={3}>
            <Table.Tbody>
              {group.keys.map(({ keys, does }) => (
                <Table.Tr key={does}>
                  <Table.Td w={190}>
                    {keys.map((key) => (
                      <Kbd key={key} mr={4}>
                        {key}
                      </Kbd>
                    ))}
                  </Table.Td>
                  <Table.Td>{does}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ))}
    </Modal>
  );
}
