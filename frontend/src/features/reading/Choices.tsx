import { useEffect, useRef } from "react";
import type { Question } from "./questions";
import { t } from "./text";
import classes from "./fullForm.module.css";

type Text = Parameters<typeof t>[0];

interface ChoicesProps {
  question: Question;
  value: string | null;
  /** The question that the digits answer. */
  isAt: boolean;
  disabled: boolean;
  onAt: () => void;
  onChange: (value: string) => void;
}

/** One question of the full form as a row of options, each with its digit while it is the question's turn. */
export function Choices({ question, value, isAt, disabled, onAt, onChange }: ChoicesProps) {
  const row = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (isAt) row.current?.scrollIntoView({ block: "nearest" });
  }, [isAt]);
  const name = question.zone ? t(`zone.${question.zone}`) : t(`question.${question.key}` as Text);
  return (
    <fieldset
      ref={row}
      className={classes.question}
      data-kind={question.kind}
      data-at={isAt || undefined}
      data-question={question.key}
      disabled={disabled}
      onFocus={onAt}
    >
      <legend>{name}</legend>
      <div className={classes.options}>
        {question.options.map((option, index) => (
          <label key={option} data-chosen={value === option || undefined} title={t(`${question.kind}.${option}` as Text)}>
            <input
              type="radio"
              name={question.key}
              aria-label={t(`${question.kind}.${option}` as Text)}
              checked={value === option}
              onChange={() => onChange(option)}
            />
            {isAt && <kbd aria-hidden="true">{index + 1}</kbd>}
            <span aria-hidden="true">{t(`short.${question.kind}.${option}` as Text)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
