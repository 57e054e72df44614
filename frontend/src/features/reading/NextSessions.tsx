import { Button, Group, Text } from "@mantine/core";
import { useNavigate } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice, Panel } from "@/shared/components";
import { dateTime } from "@/shared/messages";
import { t } from "./text";
import classes from "./reading.module.css";

/** Further sessions that a protocol wants: offered from the day on which the washout has passed. */
export function NextSessions({ slug }: { slug: string }) {
  const offers = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/reading/next",
    { params: { path: { slug } } },
    { staleTime: 0 },
  );
  if (offers.error) return <ErrorNotice error={offers.error} onRetry={() => void offers.refetch()} />;
  return offers.data?.map((offer) => <Offer key={offer.protocol} offer={offer} slug={slug} />);
}

function Offer({ offer, slug }: { offer: Schemas["NextSession"]; slug: string }) {
  const navigate = useNavigate();
  const begin = api.useMutation("post", "/api/v1/studies/{slug}/reading/next/{protocol_id}", {
    onSuccess: (session) => void navigate(`/studies/${slug}/reading/${session.id}`),
  });
  const { number, of, available } = offer;
  const from = dateTime(offer.available_from);
  return (
    <Panel>
      <Group justify="space-between" wrap="nowrap" gap="xl">
        <div className={classes.sessionText}>
          <Group gap="xs">
            <Text fw={600}>{offer.title}</Text>
            <Text className="muted">{t("next.number", { number, of })}</Text>
          </Group>
          <Text size="sm" className="muted" mt={4}>
            {available ? t("next.ready") : t("next.from", { from })}
          </Text>
          <ErrorNotice error={begin.error} />
        </div>
        <Button
          disabled={!available}
          loading={begin.isPending}
          onClick={() => begin.mutate({ params: { path: { slug, protocol_id: offer.protocol } } })}
        >
          {t("next.begin", { number })}
        </Button>
      </Group>
    </Panel>
  );
}
