import { ActionIcon, Badge, Button, Group, NativeSelect, SimpleGrid, Text, TextInput, Title } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { Panel } from "@/shared/components";
import { asText, type Field, grouped, presetValues, type Values } from "./form";
import { fieldLabel, t } from "./text";
import classes from "./training.module.css";

interface HyperParametersProps {
  fields: readonly Field[];
  preset: Readonly<Record<string, unknown>>;
  values: Values;
  changed: readonly string[];
  errorOf: (field: string) => string | undefined;
  onChange: (values: Values) => void;
}

export function HyperParameters({ fields, preset, values, changed, errorOf, onChange }: HyperParametersProps) {
  return (
    <Panel
      title={t("step_values")}
      lead={changed.length ? t("changed_count", { count: changed.length }) : t("changed_none")}
      actions={
        changed.length > 0 && (
          <Button size="xs" variant="default" onClick={() => onChange(presetValues(fields, preset))}>
            {t("reset_all")}
          </Button>
        )
      }
    >
      {grouped(fields).map(({ group, fields: own }) => (
        <section key={group} className={classes.group}>
          <Title order={3}>{t(`group.${group}`)}</Title>
          <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="md" verticalSpacing="md" mt="xs">
            {own.map((field) => (
              <FieldInput
                key={field.name}
                field={field}
                value={values[field.name] ?? ""}
                usual={asText(preset[field.name] ?? field.default)}
                isChanged={changed.includes(field.name)}
                error={errorOf(field.name)}
                onChange={(value) => onChange({ ...values, [field.name]: value })}
              />
            ))}
          </SimpleGrid>
        </section>
      ))}
    </Panel>
  );
}

interface FieldInputProps {
  field: Field;
  value: string;
  usual: string;
  isChanged: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}

function FieldInput({ field, value, usual, isChanged, error, onChange }: FieldInputProps) {
  const name = fieldLabel(field.name);
  const shared = {
    label: (
      <Group gap={6} component="span">
        {name}
        {isChanged && <Badge size="sm">{t("changed")}</Badge>}
      </Group>
    ),
    "aria-label": name,
    error,
    inputWrapperOrder: ["label", "input", "error", "description"] as ("label" | "input" | "error" | "description")[],
    description: <Description field={field} usual={usual} />,
    value,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  const reset = isChanged && (
    <ActionIcon variant="subtle" color="gray" size="sm" onClick={() => onChange(usual)} aria-label={t("reset", { name, value: usual })} title={t("reset", { name, value: usual })}>
      <IconArrowBackUp size={15} />
    </ActionIcon>
  );
  if (field.kind === "choice") {
    return (
      <div className={classes.field} data-changed={isChanged || undefined}>
        <NativeSelect {...shared} data={field.choices} />
      </div>
    );
  }
  return (
    <div className={classes.field} data-changed={isChanged || undefined}>
      <TextInput {...shared} inputMode={field.kind === "layers" ? "text" : "decimal"} rightSection={reset} />
    </div>
  );
}

function Description({ field, usual }: { field: Field; usual: string }) {
  const { minimum, maximum } = field;
  const range = minimum != null && maximum != null ? t("range", { low: asText(minimum), high: asText(maximum) }) : "";
  return (
    <>
      <Text span size="xs" className="numbers" fw={550}>
        {[t("default", { value: usual }), range].filter(Boolean).join(" · ")}
      </Text>
      <br />
      {field.help}
    </>
  );
}
