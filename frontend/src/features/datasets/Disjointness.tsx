import { Badge, Button, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconMinus, IconRefresh, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice, Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { Sentences } from "./Notice";
import { t } from "./text";

type Version = Schemas["DatasetVersionDetail"];

const CHECKS = {
  patient: "check_patient",
  contralateral: "check_contralateral",
  pixel_sha256: "check_pixel_sha256",
  perceptual_hash: "check_perceptual_hash",
} as const;

/** The proof as it was at the freezing, and a way to make it again with the images of today. */
export function Disjointness({ version }: { version: Version }) {
  const { problems, suspects, checked, cases, patients, patients_with_both_hips: both } = version.disjointness;
  if (version.is_practice) return <Panel title={t("disjoint")}>{t("disjoint_practice")}</Panel>;
  const sound = problems.length === 0;
  return (
    <Panel
      title={sound ? t("disjoint") : t("not_disjoint")}
      lead={t("disjoint_lead", { count: cases })}
      actions={<Recheck version={version} />}
    >
      <Stack gap="xs">
        {checked.map((check) => (
          <Check key={check} check={check} version={version} sound={sound} />
        ))}
        {patients != null && both != null && (
          <Text size="sm" className="muted">
            {t("both_hips", { count: both, patients })}
          </Text>
        )}
        <Nearest disjointness={version.disjointness} />
        {problems.length > 0 && <Sentences sentences={problems} />}
        {suspects.length > 0 && (
          <>
            <Text size="sm" fw={600}>
              {t("suspects")}
            </Text>
            <Text size="sm" className="muted">
              {t("suspects_about")}
            </Text>
            <Sentences sentences={suspects.slice(0, 12)} more={suspects.length - 12} />
          </>
        )}
      </Stack>
    </Panel>
  );
}

function Check({ check, version, sound }: { check: string; version: Version; sound: boolean }) {
  const { suspects, nearest_across_parts_bits: nearest } = version.disjointness;
  const compared = check !== "perceptual_hash" || nearest != null;
  const failed = check === "perceptual_hash" ? suspects.length > 0 : !sound;
  const key = CHECKS[check as keyof typeof CHECKS];
  return (
    <Group gap="xs" wrap="nowrap">
      <ThemeIcon size="sm" radius="xl" color={failed ? "yellow" : compared ? "teal" : "gray"} variant="light">
        {failed ? <IconX size={13} /> : compared ? <IconCheck size={13} /> : <IconMinus size={13} />}
      </ThemeIcon>
      <Text size="sm">{key ? t(key) : check}</Text>
      {failed && <Badge color="yellow">{t("problem_found")}</Badge>}
    </Group>
  );
}

/** At which distance two images look alike, and how near the nearest are. */
export function Nearest({ disjointness }: { disjointness: Version["disjointness"] }) {
  const { nearest_across_parts_bits: nearest, near_duplicate_bits: bits, pictures_compared: pairs } = disjointness;
  const { highest_correlation: highest, least_correlation: least } = disjointness;
  const sentences =
    nearest == null
      ? [t("nearest_none")]
      : pairs == null
        ? [t("hash_alone", { count: nearest, bits })]
        : [
            t("nearest_of", { count: nearest, bits }),
            highest != null && least != null
              ? t("pictures_compared", { count: pairs, highest: number(highest, 2), least: number(least, 2) })
              : "",
          ];
  return (
    <Text size="sm" className="muted">
      {sentences.join(" ")}
    </Text>
  );
}

function Recheck({ version }: { version: Version }) {
  const slug = useSlug();
  const queries = useQueryClient();
  const path = { slug, number: version.number };
  const recheck = api.useMutation("post", "/api/v1/studies/{slug}/datasets/{number}/recheck", {
    onSuccess: (fresh) => {
      const query = api.queryOptions("get", "/api/v1/studies/{slug}/datasets/{number}", { params: { path } });
      queries.setQueryData(query.queryKey, fresh);
      const found = fresh.stale_reasons.filter(({ kind }) => kind === "image").length;
      notifications.show({
        color: found ? "yellow" : "teal",
        message: found ? t("recheck_found", { count: found }) : t("recheck_clear"),
      });
    },
  });
  return (
    <Stack gap={4} align="flex-end">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={14} />}
        loading={recheck.isPending}
        onClick={() => recheck.mutate({ params: { path } })}
        title={t("recheck_about")}
      >
        {t("recheck")}
      </Button>
      <ErrorNotice error={recheck.error} />
    </Stack>
  );
}
