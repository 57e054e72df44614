import { Grid, NumberInput, SegmentedControl, Stack, Switch, Text, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { type Amendable, SHORTEST_WASHOUT } from "./settings";
import { t } from "./text";

interface FieldsProps<Values> {
  values: Values;
  onChange: (changes: Partial<Values>) => void;
  problem: (field: string) => string | undefined;
}

/** A choice between a few words, with the sentence that says what the chosen one means. */
export function Choice<Value extends string>(props: {
  label: string;
  about: string;
  value: Value;
  values: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {props.label}
      </Text>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={props.label}
        data={[...props.values]}
        value={props.value}
        onChange={(value) => props.onChange(value as Value)}
      />
      <Text size="xs" className="muted" mt={4}>
        {props.about}
      </Text>
    </div>
  );
}

/** What a frozen protocol may still be amended in, and a draft as well. */
export function SettingsFields({ values, onChange, problem }: FieldsProps<Amendable>): ReactNode {
  return (
    <Stack gap="sm">
      <Textarea
        label={t("instructions")}
        description={t("instructions_about")}
        value={values.instructions}
        onChange={(event) => onChange({ instructions: event.currentTarget.value })}
        error={problem("instructions")}
        autosize
        minRows={3}
        maxRows={8}
      />
      <Grid gap="sm">
        <Grid.Col span={4}>
          <Count name="sessions_per_reader" values={values} onChange={onChange} problem={problem} min={1} max={6} />
        </Grid.Col>
        <Grid.Col span={4}>
          <Count name="washout_days" values={values} onChange={onChange} problem={problem} min={SHORTEST_WASHOUT} max={730} />
        </Grid.Col>
        <Grid.Col span={4}>
          <Count name="batch_size" values={values} onChange={onChange} problem={problem} min={0} max={500} />
        </Grid.Col>
      </Grid>
      <Grid gap="sm">
        <Grid.Col span={6}>
          <Choice
            label={t("feedback")}
            about={t(`feedback_${values.feedback}`)}
            value={values.feedback}
            values={[
              { value: "practice", label: t("feedback.practice") },
              { value: "never", label: t("feedback.never") },
            ]}
            onChange={(feedback) => onChange({ feedback })}
          />
        </Grid.Col>
        <Grid.Col span={6}>
          <Choice
            label={t("analysed_version")}
            about={t(`analysed_${values.analysed_version}`)}
            value={values.analysed_version}
            values={[
              { value: "first", label: t("analysed.first") },
              { value: "last", label: t("analysed.last") },
            ]}
            onChange={(analysed_version) => onChange({ analysed_version })}
          />
        </Grid.Col>
      </Grid>
      <Switch
        label={t("cannot_assess_counts_wrong")}
        description={t("cannot_assess_about")}
        checked={values.cannot_assess_counts_wrong}
        onChange={(event) => onChange({ cannot_assess_counts_wrong: event.currentTarget.checked })}
      />
      <Switch
        label={t("consensus_wanted")}
        description={t("consensus_about")}
        checked={values.consensus_wanted}
        onChange={(event) => onChange({ consensus_wanted: event.currentTarget.checked })}
      />
    </Stack>
  );
}

interface CountProps extends FieldsProps<Amendable> {
  name: "sessions_per_reader" | "washout_days" | "batch_size";
  min: number;
  max: number;
}

function Count({ name, values, onChange, problem, min, max }: CountProps) {
  return (
    <NumberInput
      label={t(name)}
      description={t(`${name}_about`)}
      value={values[name]}
      onChange={(value) => typeof value === "number" && onChange({ [name]: value })}
      error={problem(name)}
      min={min}
      max={max}
      allowDecimal={false}
    />
  );
}
