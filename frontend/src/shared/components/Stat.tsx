import { ActionIcon, Popover, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { number, percent, t } from "@/shared/messages";
import classes from "./Stat.module.css";

/** "What is this number?": a sentence or two behind a button. */
export function About({ children }: { children: ReactNode }) {
  return (
    <Popover width={300} position="bottom" withArrow shadow="md">
      <Popover.Target>
        <ActionIcon variant="subtle" size="sm" color="gray" aria-label={t("stat.about")}>
          <IconInfoCircle size={15} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{children}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}

interface StatProps {
  label: ReactNode;
  /** Written already: "118" or "0.913". */
  value: ReactNode;
  /** Bounds of the interval, shown with `digits` decimals. */
  interval?: { low: number; high: number; level?: number } | null;
  digits?: number;
  /** What a number like this means, and what it does not. */
  about?: ReactNode;
  detail?: ReactNode;
}

export function Stat({ label, value, interval, digits = 2, about, detail }: StatProps) {
  return (
    <div className={classes.stat}>
      <div className={classes.label}>
        <span>{label}</span>
        {about && <About>{about}</About>}
      </div>
      <div className={classes.value}>{value}</div>
      {interval && (
        <div className={classes.detail}>
          {t("stat.interval", {
            level: percent(interval.level ?? 0.95),
            low: number(interval.low, digits),
            high: number(interval.high, digits),
          })}
        </div>
      )}
      {detail && <div className={classes.detail}>{detail}</div>}
    </div>
  );
}
