import { NumberInput, Stack, Switch as SwitchInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Panel } from "@/shared/components";
import { CodeInput } from "./CodeInput";
import { type CodeList, type Days, EXPECTED, type RuleField, type RulesForm as Form, type Switch } from "./rules";
import { t } from "./text";
import classes from "./rules.module.css";

interface RulesFormProps {
  form: Form;
  onChange: (form: Form) => void;
  errorOf: (field: RuleField) => string | undefined;
}

/** Every rule with what it does, in the order in which a patient meets them. */
export function RulesForm({ form, onChange, errorOf }: RulesFormProps) {
  const codes = (field: CodeList, system: "cpt" | "icd10cm" | "modifier", required = false) => (
    <CodeInput
      label={t(`field.${field}`)}
      about={t(`about.${field}`)}
      codes={form.codes[field]}
      onChange={(values) => onChange({ ...form, codes: { ...form.codes, [field]: values } })}
      error={errorOf(field)}
      system={system}
      required={required}
    />
  );
  const days = (field: Days) => (
    <NumberInput
      label={t(`field.${field}`)}
      value={form.days[field] ?? ""}
      onChange={(value) => onChange({ ...form, days: { ...form.days, [field]: typeof value === "number" ? value : null } })}
      error={errorOf(field)}
      min={0}
      max={36500}
      allowDecimal={false}
      clampBehavior="none"
      suffix={t("edit.days_suffix")}
      placeholder={field === "since_primary_days.maximum" ? t("edit.no_limit") : ""}
    />
  );
  const toggle = (field: Switch) => (
    <SwitchInput
      label={t(`field.${field}`)}
      description={t(`about.${field}`)}
      checked={form.switches[field]}
      onChange={(event) => onChange({ ...form, switches: { ...form.switches, [field]: event.currentTarget.checked } })}
      error={errorOf(field)}
    />
  );
  return (
    <Stack gap="md">
      <Section title={t("section.operations")} lead={t("section.operations_lead")}>
        {codes("primary.cpt", "cpt", true)}
        {codes("revision.cpt", "cpt", true)}
        {codes("revision.without_modifiers", "modifier")}
      </Section>
      <Section title={t("section.reason")} lead={t("section.reason_lead")}>
        {codes("reason.R", "icd10cm", true)}
        {codes("reason.L", "icd10cm", true)}
        {toggle("side_agreement")}
        <div className={classes.pair}>
          {days("window_days.before")}
          {days("window_days.after")}
        </div>
      </Section>
      <Section title={t("section.hip")} lead={t("section.hip_lead")}>
        <div className={classes.pair}>
          {days("since_primary_days.minimum")}
          {days("since_primary_days.maximum")}
        </div>
        {toggle("cementless")}
      </Section>
      <Section title={t("section.only")} lead={t("section.only_lead")}>
        {codes("exclusion.icd10cm", "icd10cm")}
        {toggle("only_reason")}
        {codes("second_reasons.R", "icd10cm")}
        {codes("second_reasons.L", "icd10cm")}
        {codes("second_reasons.either", "icd10cm")}
      </Section>
      <Section title={t("section.comparison")} lead={t("section.comparison_lead")}>
        <div className={classes.pair}>{days("comparison.minimum_follow_up_days")}</div>
        {toggle("comparison.cementless")}
        {toggle("comparison.no_complication")}
      </Section>
      <Section title={t("section.expected")} lead={t("section.expected_lead")}>
        <div className={classes.three}>
          {EXPECTED.map((step) => (
            <NumberInput
              key={step}
              label={t(`expected.${step}`)}
              value={form.expected[step] ?? ""}
              onChange={(value) =>
                onChange({ ...form, expected: { ...form.expected, [step]: typeof value === "number" ? value : null } })
              }
              error={errorOf(`expected.${step}`)}
              min={0}
              allowDecimal={false}
              thousandSeparator=","
              placeholder={t("edit.not_stated")}
            />
          ))}
        </div>
      </Section>
    </Stack>
  );
}

function Section({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <Panel title={title} lead={lead}>
      <Stack gap="md">{children}</Stack>
    </Panel>
  );
}
