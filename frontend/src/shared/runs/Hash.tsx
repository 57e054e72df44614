import { ActionIcon, Code, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { t } from "@/shared/messages";

interface HashProps {
  value: string;
  /** How many of its digits are shown; all when left out. */
  digits?: number;
}

/** A SHA-256 that can be copied whole. */
export function Hash({ value, digits }: HashProps) {
  if (!value) return <>—</>;
  const shown = digits ? value.slice(0, digits) + "…" : value;
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 4 }}>
      <Code title={value} style={{ overflowWrap: "anywhere", background: "transparent", padding: 0 }}>
        {shown}
      </Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t("hash.copied") : t("hash.copy")}>
            <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={t("hash.copy")}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}
