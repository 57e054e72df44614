import { Button, Kbd } from "@mantine/core";
import { Choices } from "./Choices";
import { caseCall, type Findings, isGruen, type Zone } from "./findings";
import { HipDiagram } from "./HipDiagram";
import { cycled, type Question, questionOf, QUESTIONS, restWithoutLucency, scalloped, type Step } from "./questions";
import { t } from "./text";
import classes from "./fullForm.module.css";

interface FullFormProps {
  findings: Findings;
  at: string;
  disabled: boolean;
  onStep: (step: Step) => void;
}

const of = (group: Question["group"]) => QUESTIONS.filter((question) => question.group === group);

/** The full form: image, zones, cup, stem, and what follows for the case. */
export function FullForm({ findings, at, disabled, onStep }: FullFormProps) {
  const asked = (question: Question) => (
    <Choices
      key={question.key}
      question={question}
      value={question.get(findings)}
      isAt={question.key === at}
      disabled={disabled}
      onAt={() => question.key !== at && onStep({ findings, at: question.key })}
      onChange={(value) => onStep({ findings: question.set(findings, value), at: question.key })}
    />
  );
  return (
    <div className={classes.full}>
      <div className={classes.pair}>{of("image").map(asked)}</div>
      <Zones findings={findings} at={at} disabled={disabled} onStep={onStep} asked={asked} />
      {(["cup", "stem"] as const).map((component) => (
        <section key={component} className={classes.component} aria-label={t(`component.${component}`)}>
          <h2>{t(`component.${component}`)}</h2>
          {of(component).map(asked)}
        </section>
      ))}
      <CaseLine findings={findings} />
    </div>
  );
}

function Zones({ findings, at, disabled, onStep, asked }: FullFormProps & { asked: (question: Question) => React.ReactNode }) {
  const { zone } = questionOf(at);
  const shown = questionOf(zone ?? "D1");
  const chosen = shown.zone as Zone;
  return (
    <section className={classes.zones} aria-label={t("component.zones")}>
      {findings.side_shown === null && <p className={classes.sideFirst}>{t("diagram.side_first")}</p>}
      <HipDiagram
        findings={findings}
        at={zone}
        disabled={disabled || findings.side_shown === null}
        onZone={(pressed) => onStep({ findings: pressed === at ? cycled(findings, pressed) : findings, at: pressed })}
      />
      {asked(shown)}
      <div className={classes.zoneTools}>
        <label data-chosen={(isGruen(chosen) && findings.scalloping.includes(chosen)) || undefined}>
          <input
            type="checkbox"
            disabled={disabled || !isGruen(chosen)}
            checked={isGruen(chosen) && findings.scalloping.includes(chosen)}
            onChange={() => onStep({ findings: scalloped(findings, chosen), at: chosen })}
          />
          {t("question.scalloping")}
          <Kbd size="xs" aria-hidden="true">
            {"S"}
          </Kbd>
        </label>
        <Button
          size="compact-sm"
          variant="default"
          disabled={disabled || findings.side_shown === null}
          onClick={() => onStep({ findings: restWithoutLucency(findings), at: "cup.migration" })}
          rightSection={<Kbd size="xs">{"Z"}</Kbd>}
        >
          {t("zone.rest_none")}
        </Button>
      </div>
    </section>
  );
}

/** The case is its worse component; the reader sees what the form will say. */
export function CaseLine({ findings }: { findings: Findings }) {
  const said = caseCall(findings);
  const text = said?.conclusion
    ? t("case_call.said", {
        call: t(`answer.${said.call}`),
        conclusion: t(`conclusion.${said.conclusion}`).toLowerCase(),
      })
    : t(said ? "case_call.cannot_assess" : "case_call.open");
  return (
    <p className={classes.caseLine} role="status" data-call={said?.call}>
      {text}
    </p>
  );
}
