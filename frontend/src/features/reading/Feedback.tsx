import { Button, Kbd } from "@mantine/core";
import { IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { Answer } from "./calls";
import { caseCall } from "./findings";
import { t } from "./text";
import classes from "./reading.module.css";

interface FeedbackProps {
  known: "loose" | "well_fixed";
  answer: Answer;
  onNext: () => void;
}

/** After a practice case alone: what is known, beside what was answered. */
export function Feedback({ known, answer, onNext }: FeedbackProps) {
  const call = answer.findings ? caseCall(answer.findings)?.call : answer.call;
  const agrees = call === known;
  const Icon = agrees ? IconCircleCheck : IconInfoCircle;
  return (
    <div className={classes.feedback} role="status">
      <p className={classes.known}>
        <Icon size={20} stroke={1.7} />
        {t("feedback.known", { label: t(`answer.${known}`).toLowerCase() })}
      </p>
      <p>
        {agrees
          ? t("feedback.agrees")
          : t("feedback.differs", { answer: t(`answer.${call ?? "cannot_assess"}`).toLowerCase() })}
      </p>
      <Button fullWidth size="md" autoFocus onClick={onNext} rightSection={<Kbd size="xs">{"↵"}</Kbd>}>
        {t("feedback.next")}
      </Button>
    </div>
  );
}
