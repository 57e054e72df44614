import { Checkbox, Group, MultiSelect, NumberInput, Select, Text } from "@mantine/core";
import type { Schemas } from "@/shared/api";
import { number } from "@/shared/messages";
import type { Selection } from "./draft";
import { rungWord, sexWord, sideWord } from "./selection";
import { t } from "./text";

interface SelectionFieldsProps {
  selection: Selection;
  choices: Schemas["DatasetChoices"] | undefined;
  onChange: (selection: Selection) => void;
  errorOf: (field: string) => string | undefined;
}

export function SelectionFields({ selection, choices, onChange, errorOf }: SelectionFieldsProps) {
  const set = (change: Partial<Selection>) => onChange({ ...selection, ...change });
  const many = (field: "sites" | "sexes" | "sides", words: (value: string) => string) => (
    <MultiSelect
      label={t(`filter.${field}`)}
      placeholder={selection[field].length ? undefined : t("filter.all")}
      data={(choices?.[field] ?? []).map((value) => ({ value, label: words(value) }))}
      value={selection[field]}
      onChange={(values) => set({ [field]: values })}
      error={errorOf(`selection.${field}`)}
      searchable={field === "sites"}
      clearable
      hidePickedOptions
    />
  );
  const age = (field: "youngest" | "oldest") => (
    <NumberInput
      label={t(`filter.${field}`)}
      value={selection[field] ?? ""}
      onChange={(value) => set({ [field]: typeof value === "number" ? value : null })}
      min={0}
      max={130}
      allowDecimal={false}
      error={errorOf(`selection.${field}`)}
      flex={1}
    />
  );
  return (
    <>
      {choices && (
        <Text size="sm" className="muted">
          {t("eligible", { radiographs: choices.radiographs, hips: number(choices.hips) })}
        </Text>
      )}
      {many("sites", (site) => site)}
      <Group grow align="flex-start" gap="sm">
        {many("sexes", sexWord)}
        {many("sides", sideWord)}
      </Group>
      <Group align="flex-start" gap="sm">
        {age("youngest")}
        {age("oldest")}
      </Group>
      <Select
        label={t("filter.least_rung")}
        description={t("filter.least_rung_about")}
        data={[
          { value: "", label: t("filter.any_rung") },
          ...(choices?.least_rungs ?? []).map((rung) => ({ value: rung, label: rungWord(rung) })),
        ]}
        value={selection.least_rung}
        onChange={(rung) => set({ least_rung: rung ?? "" })}
        error={errorOf("selection.least_rung")}
        allowDeselect={false}
      />
      <Checkbox
        label={t("filter.follow_up_derived")}
        checked={selection.follow_up_derived}
        onChange={(event) => set({ follow_up_derived: event.currentTarget.checked })}
      />
      <Checkbox
        label={t("filter.one_radiograph_a_hip")}
        description={t("filter.one_radiograph_about")}
        checked={selection.one_radiograph_a_hip}
        onChange={(event) => set({ one_radiograph_a_hip: event.currentTarget.checked })}
      />
    </>
  );
}
