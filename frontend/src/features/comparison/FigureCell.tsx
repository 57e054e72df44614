import { Popover, Stack, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./comparison.module.css";

interface FigureCellProps {
  value: string;
  /** Below the value: its interval. */
  below?: string;
  /** What the button is for, for those who cannot see where it stands. */
  label: string;
  /** What is this number? One sentence a line. */
  about: readonly ReactNode[];
  isUndefined?: boolean;
  /** Words may be broken over lines; an interval never is. */
  wraps?: boolean;
}

/** A figure that says what it is when it is chosen. */
export function FigureCell({ value, below, label, about, isUndefined, wraps }: FigureCellProps) {
  return (
    <Popover width={320} position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton className={classes.figure}>
          <span className={isUndefined ? classes.undefined : classes.value}>{value}</span>
          {below && <span className={wraps ? classes.words : classes.below}>{below}</span>}
          <VisuallyHidden>{label}</VisuallyHidden>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6}>
          {about.filter(Boolean).map((line, index) => (
            <Text size="sm" key={index}>
              {line}
            </Text>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
