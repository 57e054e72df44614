import { Badge, Button, Group, Modal, SimpleGrid, Switch, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { EmptyState, Loaded, Panel } from "@/shared/components";
import { number } from "@/shared/messages";
import { labelWord } from "@/shared/runs";
import { RadiographViewer } from "@/shared/viewer";
import { addressOf } from "./figureUrl";
import { t } from "./text";
import classes from "./Gallery.module.css";

type Case = Schemas["GalleryCase"];
type Answer = Case["answers"][number];
const AT_FIRST = 12;

/** The cases that somebody got wrong, worst first: what was seen, what was said, how sure they were. */
export function Gallery({ slug, id }: { slug: string; id: number }) {
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/comparisons/{comparison_id}/discordant",
    { params: { path: { slug, comparison_id: id } } },
    { staleTime: 60_000 },
  );
  const [maps, setMaps] = useState(true);
  const [all, setAll] = useState(false);
  const [opened, setOpened] = useState<Case | null>(null);
  const address = addressOf(slug, id);
  return (
    <Panel
      title={t("gallery")}
      lead={t("gallery_lead")}
      actions={
        query.data?.cases.some((one) => one.maps.length > 0) && (
          <Switch label={t("gallery_maps")} checked={maps} onChange={(event) => setMaps(event.currentTarget.checked)} className={classes.screenOnly} />
        )
      }
    >
      <Loaded query={query} height={320}>
        {({ cases, total, of }) =>
          cases.length === 0 ? (
            <EmptyState title={t("gallery_none")} detail={t("gallery_none_detail", { count: of })} />
          ) : (
            <>
              <Text size="sm" mb="sm">
                {t("gallery_count", { total, of })}
              </Text>
              <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="md">
                {(all ? cases : cases.slice(0, AT_FIRST)).map((one) => (
                  <Card key={one.case} one={one} slug={slug} address={address} maps={maps} onOpen={() => setOpened(one)} />
                ))}
              </SimpleGrid>
              {cases.length > AT_FIRST && !all && (
                <Group justify="center" mt="md" className={classes.screenOnly}>
                  <Button variant="default" onClick={() => setAll(true)}>
                    {t("gallery_more", { count: cases.length - AT_FIRST })}
                  </Button>
                </Group>
              )}
            </>
          )
        }
      </Loaded>
      <Modal
        opened={opened !== null}
        onClose={() => setOpened(null)}
        fullScreen
        title={opened && t("case_title", { number: opened.case, truth: labelWord(opened.truth) })}
      >
        {opened && <Opened one={opened} address={address} />}
      </Modal>
    </Panel>
  );
}

interface CardProps {
  one: Case;
  slug: string;
  address: string;
  maps: boolean;
  onOpen: () => void;
}

function Card({ one, slug, address, maps, onOpen }: CardProps) {
  const map = maps ? one.maps[0] : undefined;
  return (
    <article className={classes.card}>
      <UnstyledButton onClick={onOpen} className={classes.picture} aria-label={t("case_open", { number: one.case })}>
        <span className={classes.stack} style={{ aspectRatio: `${one.image.columns} / ${one.image.rows}` }}>
          <img src={`${address}/cases/${one.case}/preview`} alt="" loading="lazy" />
          {map && <img src={`/api/v1/studies/${slug}/runs/${map.run}/maps/${map.map}/picture`} alt="" className={classes.map} loading="lazy" />}
        </span>
      </UnstyledButton>
      <div className={classes.words}>
        <Group justify="space-between" wrap="nowrap" gap={6}>
          <Text fw={600}>{t("case", { number: one.case })}</Text>
          <Badge color={one.truth === "loose" ? "orange" : "gray"}>{labelWord(one.truth)}</Badge>
        </Group>
        <Text size="xs" className="muted">
          {facts(one)}
        </Text>
        <Answers answers={one.answers} />
        <Told one={one} />
      </div>
    </article>
  );
}

/** What readers saw zone by zone, and the words of the operative note that somebody released. */
function Told({ one }: { one: Case }) {
  return (
    <>
      {one.findings.map((line) => (
        <Text key={line} size="xs" className="muted" mt={6}>
          {line}
        </Text>
      ))}
      {one.quotes.map((quote) => (
        <Text key={quote} size="xs" component="blockquote" className={classes.quote}>
          {quote}
        </Text>
      ))}
    </>
  );
}

function facts(one: Case): string {
  const component = one.component && t("case_component", { component: one.component });
  return [one.site, one.side === "R" || one.side === "L" ? t(one.side === "R" ? "side_right" : "side_left") : "", one.age_band, component].filter(Boolean).join(" · ");
}

function Answers({ answers }: { answers: readonly Answer[] }) {
  return (
    <ul className={classes.answers}>
      {answers.map((answer) => (
        <li key={answer.key} data-wrong={answer.is_right === false || undefined}>
          {answer.is_right ? (
            <IconCheck size={14} aria-label={t("right")} />
          ) : (
            <IconX size={14} aria-label={answer.is_right === false ? t("wrong") : t("not_counted")} />
          )}
          <span className={classes.name}>{answer.name}</span>
          <span className="numbers">{said(answer)}</span>
        </li>
      ))}
    </ul>
  );
}

function said({ answer, kind, score }: Answer): string {
  if (answer === "cannot_assess") return t("said_cannot_assess");
  const call = labelWord(answer).toLowerCase();
  if (score == null) return call;
  return kind === "model" ? `${call} · p ${number(score, 2)}` : `${call} · ${number(Math.abs(score))}`;
}

function Opened({ one, address }: { one: Case; address: string }) {
  return (
    <div className={classes.opened}>
      <RadiographViewer
        image={one.image}
        previewUrl={`${address}/cases/${one.case}/preview`}
        fullDepthUrl={`${address}/cases/${one.case}/full_depth`}
        height="calc(100vh - 96px)"
      />
      <aside>
        <Text size="sm" className="muted" mb="xs">
          {facts(one)}
        </Text>
        <Answers answers={one.answers} />
        <Told one={one} />
        <Text size="xs" className="muted" mt="sm">
          {t("said_about")}
        </Text>
      </aside>
    </div>
  );
}
