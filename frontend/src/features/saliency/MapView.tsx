import { Grid, Group, SimpleGrid, Slider, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Schemas } from "@/shared/api";
import { Panel, Stat } from "@/shared/components";
import { number as written, percent } from "@/shared/messages";
import { labelWord, useRun } from "@/shared/runs";
import { methodTitle, t } from "./text";
import classes from "./saliency.module.css";

interface MapViewProps {
  number: number;
  label: string;
  method: string;
  map: Schemas["Map"] | undefined;
  /** Stands in the map's place while there is none. */
  missing: ReactNode;
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

export function MapView({ number, label, method, map, missing }: MapViewProps) {
  const { slug, runId } = useRun();
  const [opacity, setOpacity] = useState(60);
  const run = `/api/v1/studies/${slug}/runs/${runId}`;
  const radiograph = (
    <img src={`${run}/cases/${number}/preview`} alt={t("picture_original", { number })} className={classes.picture} />
  );
  return (
    <Panel>
      <Grid gap="md">
        <Grid.Col span={6}>
          <Text fw={600} mb={6}>
            {t("original")}
          </Text>
          <div className={classes.frame}>{radiograph}</div>
        </Grid.Col>
        <Grid.Col span={6}>
          <Text fw={600} mb={6}>
            {t("overlay")}
          </Text>
          {map ? (
            <div className={classes.frame}>
              <div className={classes.stack}>
                {radiograph}
                <img
                  src={`${run}/maps/${map.id}/picture`}
                  alt={t("picture_map", { number, method: methodTitle(method) })}
                  className={classes.map}
                  style={{ opacity: opacity / 100 }}
                />
              </div>
            </div>
          ) : (
            <div className={classes.missing}>{missing}</div>
          )}
        </Grid.Col>
      </Grid>
      {map && (
        <>
          <Group gap="md" mt="md" wrap="nowrap">
            <Text size="sm" fw={600} style={{ flexShrink: 0 }}>
              {t("opacity")}
            </Text>
            <Slider
              value={opacity}
              onChange={setOpacity}
              thumbLabel={t("opacity")}
              label={(value) => percent(value / 100)}
              className={classes.slider}
            />
            <Text size="sm" className="numbers">
              {percent(opacity / 100)}
            </Text>
          </Group>
          <SimpleGrid cols={{ base: 2, sm: 4 }} mt="lg">
            <Stat label={t("reference")} value={labelWord(label)} about={t("reference_about")} />
            <Stat
              label={t("probability")}
              value={map.logit == null ? "–" : written(sigmoid(map.logit), 3)}
              about={t("probability_about")}
            />
            <Stat label={t("logit")} value={map.logit == null ? "–" : written(map.logit, 3)} about={t("logit_about")} />
            <Stat
              label={t("raw_maximum")}
              value={map.raw_maximum == null ? "–" : map.raw_maximum.toPrecision(3)}
              about={t("raw_maximum_about")}
            />
          </SimpleGrid>
        </>
      )}
    </Panel>
  );
}
