import { Radio, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/shared/api";
import { Confirm } from "@/shared/components";
import { useSlug } from "@/shared/study";
import type { Flow } from "./flowLayout";
import type { Data } from "./rules";
import { RulesPreview } from "./RulesPreview";
import { t } from "./text";

type Choice = "keep" | "redraw" | "drop";
const CHOICES: readonly Choice[] = ["keep", "redraw", "drop"];

interface BuildDialogProps {
  /** The version to build with; closed without one. */
  version: number | null;
  flow: Flow;
  onClose: () => void;
}

/** Builds the cohort again: what it will give, and what becomes of a comparison group that was drawn. */
export function BuildDialog({ version, flow, onClose }: BuildDialogProps) {
  const slug = useSlug();
  const queries = useQueryClient();
  const [choice, setChoice] = useState<Choice>("keep");
  const build = api.useMutation("post", "/api/v1/studies/{slug}/cohort/build");
  const { draw } = flow.comparison;
  const run = async () => {
    const body = { version: version ?? 1, comparison: draw ? choice : null };
    await build.mutateAsync({ params: { path: { slug } }, body });
    await queries.invalidateQueries();
  };
  return (
    <Confirm
      opened={version !== null}
      onClose={onClose}
      title={t("build.title", { version: version ?? 0 })}
      confirm={t("build.confirm")}
      onConfirm={run}
    >
      <Stack gap="md">
        <Text size="sm">{t("build.about")}</Text>
        {version !== null && <Preview version={version} />}
        {draw && (
          <Radio.Group
            label={t("build.comparison", { drawn: draw.drawn })}
            value={choice}
            onChange={(value) => setChoice(value as Choice)}
          >
            <Stack gap="xs" mt="xs">
              {CHOICES.map((each) => (
                <Radio key={each} value={each} label={t(`build.${each}`)} description={t(`build.${each}_about`)} />
              ))}
            </Stack>
          </Radio.Group>
        )}
      </Stack>
    </Confirm>
  );
}

function Preview({ version }: { version: number }) {
  const slug = useSlug();
  const path = { slug };
  const rules = api.useQuery("get", "/api/v1/studies/{slug}/cohort/rules", { params: { path } });
  const data = rules.data?.versions.find((each) => each.version === version)?.rules as Data | undefined;
  const preview = api.useQuery(
    "post",
    "/api/v1/studies/{slug}/cohort/preview",
    { params: { path }, body: { rules: data ?? {} } },
    { enabled: data !== undefined, staleTime: 0, retry: false },
  );
  return <RulesPreview steps={preview.data?.steps} busy={preview.isFetching} invalid={Boolean(preview.error)} brief />;
}
