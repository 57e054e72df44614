import { Checkbox, Group, NumberInput, SegmentedControl, Text } from "@mantine/core";
import { percent } from "@/shared/messages";
import type { Draft, Scheme } from "./draft";
import { t } from "./text";

interface SplitFieldsProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  errorOf: (field: string) => string | undefined;
}

const SCHEMES: readonly Scheme[] = ["ratio", "k_fold", "leave_one_site_out"];

export function SplitFields({ draft, onChange, errorOf }: SplitFieldsProps) {
  const whole = (field: "seed" | "folds" | "repeats" | "testPerClass", min: number, max: number, of: string = field) => (
    <NumberInput
      label={t(`field_${field}`)}
      value={draft[field]}
      onChange={(value) => typeof value === "number" && onChange({ ...draft, [field]: value })}
      min={min}
      max={max}
      allowDecimal={false}
      error={errorOf(of)}
      flex={1}
    />
  );
  return (
    <>
      <SegmentedControl
        aria-label={t("scheme")}
        data={SCHEMES.map((value) => ({ value, label: t(`scheme.${value}`) }))}
        value={draft.scheme}
        onChange={(value) => onChange({ ...draft, scheme: value as Scheme })}
        fullWidth
      />
      <Text size="sm" className="muted">
        {t(`scheme_about.${draft.scheme}`)}
      </Text>
      {errorOf("scheme") && (
        <Text size="sm" c="red" role="alert">
          {errorOf("scheme")}
        </Text>
      )}
      {draft.scheme === "ratio" && <RatioFields draft={draft} onChange={onChange} errorOf={errorOf} exact={whole("testPerClass", 1, 100_000, "test_per_class")} />}
      {draft.scheme === "leave_one_site_out" && <Share field="validation" draft={draft} onChange={onChange} errorOf={errorOf} />}
      {draft.scheme === "k_fold" && (
        <Group align="flex-start" gap="sm">
          {whole("folds", 3, 20)}
          {whole("repeats", 1, 20)}
        </Group>
      )}
      {whole("seed", 0, 2 ** 31 - 1)}
      <Text size="sm" className="muted">
        {t("field_seed_about")}
      </Text>
    </>
  );
}

function RatioFields({ draft, onChange, errorOf, exact }: SplitFieldsProps & { exact: React.ReactNode }) {
  const fields = { draft, onChange, errorOf };
  return (
    <>
      <Group align="flex-start" gap="sm">
        <Share field="validation" {...fields} />
        {draft.exactTest ? exact : <Share field="test" {...fields} />}
      </Group>
      <Checkbox
        label={t("exact_test")}
        description={t("exact_test_about")}
        checked={draft.exactTest}
        onChange={(event) => onChange({ ...draft, exactTest: event.currentTarget.checked })}
      />
      <Text size="sm" className="muted">
        {draft.exactTest
          ? t("rest_training_exact")
          : t("rest_training", { share: percent(Math.max(0, 1 - draft.validation - draft.test), 1) })}
      </Text>
    </>
  );
}

function Share({ field, draft, onChange, errorOf }: SplitFieldsProps & { field: "validation" | "test" }) {
  return (
    <NumberInput
      label={t(field === "test" ? "field_test" : "field_validation")}
      value={Math.round(draft[field] * 1000) / 10}
      onChange={(value) => typeof value === "number" && onChange({ ...draft, [field]: value / 100 })}
      min={1}
      max={89}
      decimalScale={1}
      suffix="%"
      error={errorOf(field)}
      flex={1}
    />
  );
}
