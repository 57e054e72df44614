import { NumberInput } from "@mantine/core";
import { type CSSProperties, useId } from "react";
import { t } from "./text";
import classes from "./reading.module.css";

interface ConfidenceProps {
  value: number | null;
  applies: boolean;
  disabled: boolean;
  onChange: (value: number | null) => void;
}

/** 0 to 100, by slider or as a number; nothing is chosen before the reader chooses. */
export function Confidence({ value, applies, disabled, onChange }: ConfidenceProps) {
  const id = useId();
  if (!applies) return <p className={classes.hint}>{t("answer.confidence_none")}</p>;
  return (
    <div className={classes.confidence}>
      <label htmlFor={id}>{t("answer.confidence")}</label>
      <div className={classes.confidenceRow}>
        <input
          id={id}
          type="range"
          min={0}
          max={100}
          // A slider has to stand somewhere; without a value its handle is not shown.
          value={value ?? 50}
          data-empty={value === null || undefined}
          style={{ "--part": value ?? 0 } as CSSProperties}
          aria-valuetext={value === null ? t("answer.missing_confidence") : undefined}
          disabled={disabled}
          onChange={(event) => onChange(Number(event.currentTarget.value))}
          onPointerUp={(event) => value === null && onChange(Number(event.currentTarget.value))}
          // The page's own arrow keys serve the slider too.
          onKeyDown={(event) => event.key.startsWith("Arrow") && event.preventDefault()}
        />
        <NumberInput
          aria-label={t("answer.confidence")}
          className={classes.confidenceNumber}
          min={0}
          max={100}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="strict"
          hideControls
          disabled={disabled}
          value={value ?? ""}
          onChange={(next) => onChange(next === "" ? null : Number(next))}
        />
      </div>
      <p className={classes.hint}>{t("answer.confidence_hint")}</p>
    </div>
  );
}
