import { Checkbox, Group, NumberInput, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, asApiError, type Schemas } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Flow } from "./flowLayout";
import { t } from "./text";
import classes from "./rules.module.css";

type Variable = Schemas["MatchedByEnum"];
type Against = Schemas["AgainstEnum"];
const VARIABLES: readonly Variable[] = ["age_band", "sex", "side", "site"];
const BANDS = ["5", "10", "15", "20"];

interface DrawDialogProps {
  opened: boolean;
  flow: Flow;
  onClose: () => void;
}

export function DrawDialog({ opened, flow, onClose }: DrawDialogProps) {
  return opened ? <Inside flow={flow} onClose={onClose} /> : null;
}

/** Plain or matched, by a seed that is kept: the same seed gives the same hips. */
function Inside({ flow, onClose }: { flow: Flow; onClose: () => void }) {
  const slug = useSlug();
  const queries = useQueryClient();
  const { draw, eligible } = flow.comparison;
  const counts = {
    coded: flow.steps.find(({ key }) => key === "coded")?.patients_out ?? 0,
    confirmed: flow.steps.find(({ key }) => key === "confirmed")?.patients_out ?? 0,
  };
  const [scheme, setScheme] = useState(draw && draw.matched_by.length > 0 ? "matched" : "plain");
  const [against, setAgainst] = useState<Against>(counts.confirmed > 0 ? "confirmed" : "coded");
  const [size, setSize] = useState<number | null>(Math.min(counts[against], eligible) || null);
  const [seed, setSeed] = useState<number | null>(draw ? draw.seed : 1);
  const [variables, setVariables] = useState<Variable[]>(draw?.matched_by.length ? draw.matched_by : ["age_band", "sex"]);
  const [band, setBand] = useState(String(draw?.age_band_years ?? 10));
  const [perCase, setPerCase] = useState<number | null>(draw?.per_case ?? 1);
  const make = api.useMutation("post", "/api/v1/studies/{slug}/cohort/comparison");
  const errorOf = (field: string) => (make.error ? asApiError(make.error).forField(field) : undefined);
  const matched = scheme === "matched";
  const run = async () => {
    const body = {
      seed: seed ?? 0,
      size: matched ? null : size,
      matched_by: matched ? variables : [],
      age_band_years: Number(band) as 5 | 10 | 15 | 20,
      per_case: matched ? (perCase ?? 1) : 1,
      against,
      again: draw !== null,
    };
    await make.mutateAsync({ params: { path: { slug } }, body });
    await queries.invalidateQueries();
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title={draw ? t("draw.again") : t("draw.title")}
      confirm={draw ? t("draw.confirm_again") : t("draw.confirm")}
      onConfirm={run}
      disabled={seed === null || (matched ? variables.length === 0 || perCase === null : size === null)}
    >
      <Stack gap="md">
        <Text size="sm">{draw ? t("draw.about_again", { eligible }) : t("draw.about", { eligible })}</Text>
        <SegmentedControl
          aria-label={t("draw.scheme")}
          value={scheme}
          onChange={setScheme}
          data={[
            { value: "plain", label: t("draw.plain") },
            { value: "matched", label: t("draw.matched") },
          ]}
          fullWidth
        />
        <Select
          label={t("draw.against")}
          description={t("draw.against_about")}
          value={against}
          onChange={(value) => setAgainst((value as Against | null) ?? against)}
          allowDeselect={false}
          data={[
            { value: "confirmed", label: t("draw.against_confirmed", { hips: counts.confirmed }), disabled: counts.confirmed === 0 },
            { value: "coded", label: t("draw.against_coded", { hips: counts.coded }) },
          ]}
        />
        {matched ? (
          <>
            <Checkbox.Group
              label={t("draw.matched_by")}
              description={t("draw.matched_by_about")}
              value={variables}
              onChange={(values) => setVariables(VARIABLES.filter((each) => (values as string[]).includes(each)))}
              error={errorOf("matched_by")}
            >
              <Group gap="md" mt={6}>
                {VARIABLES.map((each) => (
                  <Checkbox key={each} value={each} label={t(`stratum.${each}`)} />
                ))}
              </Group>
            </Checkbox.Group>
            <div className={classes.three}>
              <Select
                label={t("draw.age_band")}
                data={BANDS.map((value) => ({ value, label: t("draw.years", { years: value }) }))}
                value={band}
                onChange={(value) => setBand(value ?? band)}
                disabled={!variables.includes("age_band")}
                allowDeselect={false}
              />
              <Whole label={t("draw.per_case")} value={perCase} onChange={setPerCase} min={1} max={5} error={errorOf("per_case")} />
              <Whole label={t("draw.seed")} value={seed} onChange={setSeed} error={errorOf("seed")} />
            </div>
          </>
        ) : (
          <div className={classes.pair}>
            <Whole label={t("draw.size")} value={size} onChange={setSize} min={1} error={errorOf("size")} />
            <Whole label={t("draw.seed")} value={seed} onChange={setSeed} error={errorOf("seed")} />
          </div>
        )}
      </Stack>
    </Confirm>
  );
}

interface WholeProps {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  min?: number;
  max?: number;
  error?: string;
}

function Whole({ label, value, onChange, min = 0, max, error }: WholeProps) {
  return (
    <NumberInput
      label={label}
      value={value ?? ""}
      onChange={(typed) => onChange(typeof typed === "number" ? typed : null)}
      min={min}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      error={error}
    />
  );
}
