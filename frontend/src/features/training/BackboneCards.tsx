import { Badge, Checkbox, Group, SimpleGrid, Text } from "@mantine/core";
import type { Schemas } from "@/shared/api";
import { About } from "@/shared/components";
import { number } from "@/shared/messages";
import { t } from "./text";
import classes from "./training.module.css";

type Backbone = Schemas["Backbone"];

interface BackboneCardsProps {
  backbones: readonly Backbone[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  error?: string;
}

export function BackboneCards({ backbones, chosen, onChange, error }: BackboneCardsProps) {
  return (
    <Checkbox.Group value={[...chosen]} onChange={onChange} error={error} aria-label={t("step_backbones")}>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs">
        {backbones.map((backbone) => (
          <div key={backbone.name} className={classes.backbone}>
            <Checkbox.Card value={backbone.name} className={classes.card} radius="sm">
              <Group wrap="nowrap" align="flex-start" gap="sm">
                <Checkbox.Indicator />
                <div>
                  <Text fw={600} size="sm" className={classes.backboneName}>
                    {backbone.title}
                  </Text>
                  <Text size="xs" className="muted numbers">
                    {t("parameters", { millions: number(backbone.parameter_count / 1e6, backbone.parameter_count < 1e6 ? 2 : 1) })}
                  </Text>
                  {backbone.published && (
                    <Badge mt={4} size="sm">
                      {t("published")}
                    </Badge>
                  )}
                  <Text size="xs" mt={4} className={backbone.weights_available || !backbone.needs_weights ? "muted" : classes.missing}>
                    {!backbone.needs_weights ? t("weights_none") : backbone.weights_available ? t("weights_ready") : t("weights_missing")}
                  </Text>
                </div>
              </Group>
            </Checkbox.Card>
            {backbone.needs_weights && !backbone.weights_available && (
              <span className={classes.why}>
                <About>{backbone.weights_message}</About>
              </span>
            )}
          </div>
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
