import { Alert, Button, Group, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { Confirm, ErrorNotice, Loaded, Page, Panel, TextLink, When } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { RadiographViewer } from "@/shared/viewer";
import { MaskEditor } from "./MaskEditor";
import { type Box, grown } from "./mask";
import classes from "./quarantine.module.css";
import { t } from "./text";

type Detail = Schemas["QuarantinedImageDetail"];

export function Component() {
  const slug = useSlug();
  const { imageId = "" } = useParams();
  const image = api.useQuery("get", "/api/v1/studies/{slug}/quarantine/{image_id}", {
    params: { path: { slug, image_id: Number(imageId) } },
  });
  return (
    <Page
      title={t("image", { id: imageId })}
      above={<TextLink to={`/studies/${slug}/quarantine`}>{t("back")}</TextLink>}
    >
      <Loaded query={image} height={640}>
        {(data) => <Quarantined key={data.proposal} image={data} />}
      </Loaded>
    </Page>
  );
}

function Quarantined({ image }: { image: Detail }) {
  const slug = useSlug();
  const proposed = image.state === "proposed";
  const [view, setView] = useState<"mask" | "result">(proposed ? "result" : "mask");
  const [rectangles, setRectangles] = useState<Box[]>(() =>
    proposed ? image.rectangles : image.boxes.map((box) => grown(box, image.image)),
  );
  const base = `/api/v1/studies/${slug}/quarantine/${image.id}`;
  return (
    <div className={classes.columns}>
      <div>
        {view === "result" && image.masked_image ? (
          <Panel flush>
            <RadiographViewer
              image={image.masked_image}
              previewUrl={`${base}/masked/preview?${image.proposal}`}
              fullDepthUrl={`${base}/masked/full_depth?${image.proposal}`}
              height="min(76vh, 860px)"
            />
          </Panel>
        ) : (
          <Panel title={t("editor.title")} lead={t("editor.lead")}>
            <MaskEditor
              size={image.image}
              previewUrl={`${base}/found/preview`}
              found={image.boxes}
              rectangles={rectangles}
              onChange={setRectangles}
            />
          </Panel>
        )}
      </div>
      <div className={classes.side}>
        {proposed && (
          <SegmentedControl
            value={view}
            onChange={setView}
            data={[
              { value: "result", label: t("view.result") },
              { value: "mask", label: t("view.mask") },
            ]}
          />
        )}
        <Why image={image} />
        {proposed && <Result image={image} />}
        <Decide image={image} rectangles={rectangles} masking={view === "mask"} />
      </div>
    </div>
  );
}

function Why({ image }: { image: Detail }) {
  return (
    <Panel title={t("facts.title")}>
      <Stack gap={6}>
        <Text size="sm">{image.reason}</Text>
        <Text size="sm" className="muted">
          {t("facts.since")} <When at={image.quarantined_at} />
        </Text>
        <Text size="sm" className="muted">
          {t("facts.link")}: {image.patient ? `${image.patient} · ${image.side}` : image.link_problem}
        </Text>
        {image.proposed_by && <Text size="sm">{t("proposed_by", { name: image.proposed_by })}</Text>}
      </Stack>
    </Panel>
  );
}

function Result({ image }: { image: Detail }) {
  const remaining = image.remaining_boxes.length;
  return (
    <Panel title={t("result.title")} lead={t("result.lead")}>
      <Alert color={remaining ? "orange" : "teal"} variant="light">
        {remaining ? t("result.remaining", { count: remaining }) : t("result.clean")}
      </Alert>
    </Panel>
  );
}

function useDecisions(image: Detail) {
  const slug = useSlug();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const params = { path: { slug, image_id: image.id } };
  const one = api.queryOptions("get", "/api/v1/studies/{slug}/quarantine/{image_id}", { params });
  const list = api.queryOptions("get", "/api/v1/studies/{slug}/quarantine", { params: { path: { slug } } });
  const propose = api.useMutation("post", "/api/v1/studies/{slug}/quarantine/{image_id}/propose", {
    onSuccess: (answer) => {
      queries.setQueryData(one.queryKey, answer);
      void queries.invalidateQueries({ queryKey: list.queryKey });
      notifications.show({ message: t("proposed_note") });
    },
  });
  const decided = async (message: string) => {
    notifications.show({ message });
    await navigate(`/studies/${slug}/quarantine`);
    queries.removeQueries({ queryKey: one.queryKey });
    void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).includes("/studies/{slug}") });
  };
  const release = api.useMutation("post", "/api/v1/studies/{slug}/quarantine/{image_id}/release");
  const refuse = api.useMutation("post", "/api/v1/studies/{slug}/quarantine/{image_id}/refuse");
  return {
    propose,
    proposeMask: (rectangles: Box[]) => propose.mutate({ params, body: { rectangles } }),
    release: async () => {
      await release.mutateAsync({ params, body: { proposal: image.proposal } });
      await decided(t("released_note"));
    },
    refuse: async (reason: string) => {
      await refuse.mutateAsync({ params, body: { reason } });
      await decided(t("refused_note"));
    },
  };
}

function Decide({ image, rectangles, masking }: { image: Detail; rectangles: Box[]; masking: boolean }) {
  const decisions = useDecisions(image);
  const [asking, setAsking] = useState<"release" | "refuse" | null>(null);
  const [reason, setReason] = useState("");
  const close = () => setAsking(null);
  return (
    <Panel>
      <Stack gap="sm">
        <Group gap="xs">
          {masking ? (
            <Button loading={decisions.propose.isPending} onClick={() => decisions.proposeMask(rectangles)}>
              {t("propose")}
            </Button>
          ) : (
            <Button disabled={!image.may_release} onClick={() => setAsking("release")}>
              {t("release.button")}
            </Button>
          )}
          <Button variant="default" onClick={() => setAsking("refuse")}>
            {t("refuse.button")}
          </Button>
        </Group>
        {!masking && !image.may_release && (
          <Text size="sm" className="muted">
            {t("release.second")}
          </Text>
        )}
        <ErrorNotice error={decisions.propose.error} />
      </Stack>
      <Confirm
        opened={asking === "release"}
        onClose={close}
        title={t("release.title")}
        confirm={t("release.button")}
        onConfirm={decisions.release}
      >
        <Text>{t("release.detail")}</Text>
      </Confirm>
      <Confirm
        opened={asking === "refuse"}
        onClose={close}
        title={t("refuse.title")}
        confirm={t("refuse.button")}
        onConfirm={() => decisions.refuse(reason)}
        disabled={reason.trim() === ""}
        danger
      >
        <Stack gap="sm">
          <Text>{t("refuse.detail")}</Text>
          <Textarea
            label={t("refuse.reason")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
          />
        </Stack>
      </Confirm>
    </Panel>
  );
}
