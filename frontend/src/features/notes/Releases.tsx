import { Button, Stack, Text, Textarea } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { Confirm, Panel } from "@/shared/components";
import { relativeTime } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { quoted, type Span } from "./segments";
import { t } from "./text";
import type { Note } from "./verdict";
import classes from "./VerdictForm.module.css";

type Release = Schemas["QuoteRelease"];
const NOTE = "/api/v1/studies/{slug}/notes/{note_id}";

/** The note as it is shown gets the release put in: opening it again would be one more look on record. */
function useReleasing(note: Note) {
  const slug = useSlug();
  const queries = useQueryClient();
  const path = { slug, note_id: note.id };
  const put = (release: Release) =>
    queries.setQueryData<Note>(api.queryOptions("get", NOTE, { params: { path } }).queryKey, (now) =>
      now && { ...now, releases: [...now.releases.filter(({ id }) => id !== release.id), release] },
    );
  const release = api.useMutation("post", `${NOTE}/release`, { onSuccess: put });
  const withdraw = api.useMutation("post", `${NOTE}/releases/{release_id}/withdraw`, { onSuccess: put });
  return {
    release: (span: Span, reason: string) => release.mutateAsync({ params: { path }, body: { ...span, reason } }),
    withdraw: (id: number, reason: string) =>
      withdraw.mutateAsync({ params: { path: { ...path, release_id: id } }, body: { reason } }),
  };
}

interface ReleasesProps {
  note: Note;
  quote: Span | null;
  keysOff: boolean;
  /** While a dialog is open the keys are its own. */
  onDialog: (opened: boolean) => void;
}

/** What of this note may be shown elsewhere: nothing, until somebody has released these very words. */
export function Releases({ note, quote, keysOff, onDialog }: ReleasesProps) {
  const [releasing, setReleasing] = useState(false);
  const [withdrawing, setWithdrawing] = useState<Release | null>(null);
  const { release, withdraw } = useReleasing(note);
  const live = note.releases.filter(({ withdrawn_at: at }) => at === null);
  const isReleased = quote !== null && live.some(({ start, end }) => start === quote.start && end === quote.end);
  const open = () => {
    if (!quote || isReleased) return;
    setReleasing(true);
    onDialog(true);
  };
  const close = () => {
    setReleasing(false);
    setWithdrawing(null);
    onDialog(false);
  };
  useHotkeys(keysOff || releasing || withdrawing ? [] : [["R", open]], ["TEXTAREA", "SELECT"]);
  return (
    <Panel title={t("release.title")} lead={t("release.lead")}>
      <Stack gap="xs">
        {live.map((one) => (
          <div key={one.id}>
            <blockquote className={classes.quote}>{one.text}</blockquote>
            <Text size="xs" className="muted" mt={2}>
              {t("release.by", { name: one.released_by, when: relativeTime(one.released_at), reason: one.reason })}
            </Text>
            <Button
              size="compact-xs"
              variant="default"
              mt={4}
              onClick={() => {
                setWithdrawing(one);
                onDialog(true);
              }}
            >
              {t("release.withdraw")}
            </Button>
          </div>
        ))}
        <Button size="xs" variant="default" disabled={!quote || isReleased} onClick={open}>
          {quote ? t("release.action") : t("release.action_none")}
        </Button>
      </Stack>
      {releasing && quote && (
        <WithReason
          title={t("release.dialog")}
          detail={t("release.detail")}
          words={quoted(note.text, quote)}
          confirm={t("release.now")}
          onConfirm={async (reason) => {
            await release(quote, reason);
            notifications.show({ message: t("release.done") });
          }}
          onClose={close}
        />
      )}
      {withdrawing && (
        <WithReason
          title={t("release.withdraw_dialog")}
          detail={t("release.withdraw_detail")}
          words={withdrawing.text}
          confirm={t("release.withdraw")}
          onConfirm={(reason) => withdraw(withdrawing.id, reason)}
          onClose={close}
        />
      )}
    </Panel>
  );
}

interface WithReasonProps {
  title: string;
  detail: string;
  words: string;
  confirm: string;
  onConfirm: (reason: string) => Promise<unknown>;
  onClose: () => void;
}

function WithReason({ title, detail, words, confirm, onConfirm, onClose }: WithReasonProps) {
  const [reason, setReason] = useState("");
  return (
    <Confirm opened onClose={onClose} title={title} confirm={confirm} onConfirm={() => onConfirm(reason)} disabled={!reason.trim()}>
      <Stack gap="sm">
        <Text size="sm">{detail}</Text>
        <blockquote className={classes.quote}>{words}</blockquote>
        <Textarea
          label={t("release.reason")}
          required
          autosize
          minRows={2}
          maxLength={1000}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  );
}
