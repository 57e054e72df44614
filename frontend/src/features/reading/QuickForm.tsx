import { Kbd } from "@mantine/core";
import { type Answer, CALLS, withCall } from "./calls";
import { Confidence } from "./Confidence";
import { t } from "./text";
import classes from "./reading.module.css";

interface QuickFormProps {
  answer: Answer;
  disabled: boolean;
  onChange: (answer: Answer) => void;
}

/** The quick form: a call, and how sure the reader is of it. */
export function QuickForm({ answer, disabled, onChange }: QuickFormProps) {
  return (
    <>
      <fieldset className={classes.calls} disabled={disabled}>
        <legend>{t("answer.call")}</legend>
        {CALLS.map(({ call, key }) => (
          <label key={call} className={classes.call} data-chosen={answer.call === call || undefined}>
            <input
              type="radio"
              name="call"
              value={call}
              checked={answer.call === call}
              onChange={() => onChange(withCall(answer, call))}
            />
            <span>{t(`answer.${call}`)}</span>
            <Kbd size="xs" aria-hidden="true">
              {key.toUpperCase()}
            </Kbd>
          </label>
        ))}
      </fieldset>
      <Confidence
        value={answer.confidence}
        applies={answer.call !== "cannot_assess"}
        disabled={disabled}
        onChange={(confidence) => onChange({ ...answer, confidence })}
      />
    </>
  );
}
