import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { client, type Schemas } from "@/shared/api";
import { duration } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { t } from "./text";

interface LaunchPreviewProps {
  version: number;
  backbones: readonly string[];
  preset: Schemas["LaunchRequest"]["preset"];
  overrides: Record<string, unknown>;
}

/** What would be trained on what, and for how long; silent about what the server would refuse: starting says that. */
export function LaunchPreview({ version, backbones, preset, overrides }: LaunchPreviewProps) {
  const slug = useSlug();
  const [asked] = useDebouncedValue({ dataset_version: version, backbones: [...backbones], preset, overrides, name: "" }, 300);
  const preview = useQuery({
    queryKey: ["training-preview", slug, asked],
    queryFn: async () => (await client.POST("/api/v1/studies/{slug}/runs/preview", { params: { path: { slug } }, body: asked })).data,
    enabled: asked.backbones.length > 0 && asked.dataset_version > 0,
    retry: false,
  });
  if (!preview.data || backbones.length === 0) return null;
  const { parts, runs } = preview.data;
  const seconds = runs.reduce((sum, run) => sum + run.cpu_seconds, 0);
  const steps = runs.reduce((sum, run) => sum + run.steps, 0);
  const words = { training: t("part.training"), validation: t("part.validation") } as Record<string, string>;
  return (
    <Text size="sm" className="numbers" title={t("preview_time_detail")} aria-label={t("preview")}>
      {[
        ...parts.map(({ part, loose, well_fixed: fixed }) => t("preview_part", { part: words[part] ?? part, loose, fixed })),
        t("preview_time", { time: duration(seconds), steps }),
      ].join(" · ")}
    </Text>
  );
}
