import { IconCheck } from "@tabler/icons-react";
import { Link } from "react-router";
import { api } from "@/shared/api";
import { Panel } from "@/shared/components";
import { t as common } from "@/shared/messages";
import type { Study } from "@/shared/study/context";
import { navigationFor } from "../features";
import { t } from "../text";
import { LINE, type LineFacts, progressOf, type StageName, STAGES } from "./studyLine";
import classes from "./StudyLine.module.css";

/** The whole way of the study, with where this person's part is. Counts are this person's own, never another's. */
export function StudyLine({ study }: { study: Study }) {
  const open = navigationFor(study.roles).map(({ href }) => href);
  const facts = useFacts(study, open);
  return (
    <Panel title={t("line.title")} lead={t("line.lead")}>
      <ol className={classes.line}>
        {STAGES.map((name) => (
          <StageItem key={name} name={name} study={study} open={open} facts={facts} />
        ))}
      </ol>
    </Panel>
  );
}

/** A reader learns nothing here about how far others are: the server refuses it, and nobody asks. */
function useFacts(study: Study, open: readonly string[]): LineFacts {
  const params = { params: { path: { slug: study.slug } } };
  const datasets = api.useQuery("get", "/api/v1/studies/{slug}/datasets", params, { enabled: open.includes("datasets") });
  const protocols = api.useQuery("get", "/api/v1/studies/{slug}/protocols", params, {
    enabled: open.includes("protocols"),
  });
  const readers = protocols.data?.flatMap((protocol) => protocol.readers) ?? [];
  return {
    steps: study.next_steps,
    isFrozen: datasets.data?.some(({ is_practice }) => !is_practice) ?? false,
    isRead: readers.length > 0 && readers.every(({ state }) => state === "signed"),
  };
}

interface StageItemProps {
  name: StageName;
  study: Study;
  open: readonly string[];
  facts: LineFacts;
}

function StageItem({ name, study, open, facts }: StageItemProps) {
  const { hrefs, roles } = LINE[name];
  const { state, left } = progressOf(name, facts);
  const isOwn = roles.some((role) => study.roles.includes(role));
  const href = hrefs.find((each) => open.includes(each));
  const said = state === "done" ? t("line.done") : state === "yours" ? t("line.left", { count: left }) : "";
  const content = (
    <>
      <span className={classes.dot} aria-hidden="true">
        {state === "done" && <IconCheck size={12} stroke={3} />}
      </span>
      <span className={classes.name}>{t(`line.stage.${name}`)}</span>
      <span className={classes.who}>{isOwn ? t("line.you") : roles.map((role) => common(`role.${role}`)).join(", ")}</span>
      <span className={classes.state}>{said}</span>
    </>
  );
  return (
    <li className={classes.stage} data-stage={name} data-state={state} data-own={isOwn || undefined}>
      {href ? (
        <Link to={`/studies/${study.slug}/${href}`} className={classes.box}>
          {content}
        </Link>
      ) : (
        <span className={classes.box}>{content}</span>
      )}
    </li>
  );
}
