import { Button, Group, NumberInput, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/shared/api";
import { Loaded, Panel } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { Drawing } from "./Drawing";
import { figureUrl } from "./figureUrl";
import { NumberHead } from "./NumberHead";
import { t } from "./text";
import classes from "./comparison.module.css";

const COMMON = [0.02, 0.05, 0.1, 0.2];

interface DecisionProps {
  slug: string;
  id: number;
  /** Of this sample, by its design. */
  own: number;
}

/** What acting on the calls would be worth where loosening is as frequent as the person says. */
export function Decision({ slug, id, own }: DecisionProps) {
  const [asked, setAsked] = useState<number | null>(null);
  const [prevalence] = useDebouncedValue(asked, 250);
  const query = prevalence == null ? {} : { prevalence };
  const told = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/comparisons/{comparison_id}/decision",
    { params: { path: { slug, comparison_id: id }, query } },
    { staleTime: Infinity, placeholderData: keepPreviousData },
  );
  const url = figureUrl(slug, id, "decision-curve") + (prevalence == null ? "" : `?prevalence=${prevalence}`);
  return (
    <Panel title={t("decision")} lead={t("decision_lead", { own: percent(own) })}>
      <Group gap="sm" align="flex-end" mb="md" className={classes.screenOnly}>
        <NumberInput
          label={t("prevalence_field")}
          value={asked == null ? "" : Number((asked * 100).toFixed(4))}
          onChange={(value) => setAsked(typeof value === "number" ? Math.min(Math.max(value / 100, 0), 1) : null)}
          placeholder={t("prevalence_own", { own: percent(own) })}
          min={0}
          max={100}
          decimalScale={2}
          suffix="%"
          w={210}
        />
        {COMMON.map((value) => (
          <Button key={value} variant={asked === value ? "filled" : "default"} onClick={() => setAsked(value)}>
            {percent(value)}
          </Button>
        ))}
        <Button variant={asked == null ? "filled" : "default"} onClick={() => setAsked(null)}>
          {t("prevalence_sample")}
        </Button>
      </Group>
      <Drawing url={url} caption={t("decision_caption")} />
      <Loaded query={told} height={160}>
        {({ predictive_values: values, prevalence: at }) => (
          <>
            <Text fw={600} mt="md">
              {t("predictive", { prevalence: at == null ? t("undefined") : percent(at, 1) })}
            </Text>
            <Text size="sm" className="muted" mb={6}>
              {t("predictive_about")}
            </Text>
            <Table className={classes.raters} horizontalSpacing={10} withRowBorders>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("rater")}</Table.Th>
                  <NumberHead label={t("ppv")} about={t("ppv_about")} />
                  <NumberHead label={t("npv")} about={t("npv_about")} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {values.map(({ key, name, ppv, npv }) => (
                  <Table.Tr key={key}>
                    <Table.Td>{name}</Table.Td>
                    <Table.Td ta="right">{ppv == null ? t("undefined") : number(ppv, 3)}</Table.Td>
                    <Table.Td ta="right">{npv == null ? t("undefined") : number(npv, 3)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </>
        )}
      </Loaded>
    </Panel>
  );
}
