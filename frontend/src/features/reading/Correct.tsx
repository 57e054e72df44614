import { Button, Group, Modal, PasswordInput, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { api, asApiError } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { type Answer, answerOf, missing, sentOf, type Session } from "./calls";
import { useForm } from "./CaseAnswer";
import { type MyRead, saidOf } from "./myReads";
import { unanswered } from "./questions";
import { t } from "./text";

interface CorrectProps {
  session: Session;
  read: MyRead;
  onClose: () => void;
  onCorrected: () => void;
}

/** Another version of a locked answer, with its reason and the password again. The first version stays. */
export function Correct({ session, read, onClose, onCorrected }: CorrectProps) {
  const last = read.corrections.at(-1) ?? read;
  const [answer, setAnswer] = useState<Answer>(() => answerOf(session.form, last));
  const [reason, setReason] = useState("");
  const [password, setPassword] = useState("");
  const correct = api.useMutation("post", "/api/v1/reading/sessions/{session_id}/reads/{position}/correct", {
    onSuccess: onCorrected,
  });
  const { questions } = useForm(session.form, answer, false, null, setAnswer);
  const lacks = missing(answer);
  const refused = correct.error ? asApiError(correct.error) : null;
  const send = () =>
    correct.mutate({
      params: { path: { session_id: session.id, position: read.position } },
      body: { ...sentOf(answer), comment: answer.comment, reason, password },
    });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("correct.title", { number: read.position - session.practice_total })}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{t("correct.lead", { answer: saidOf(last) })}</Text>
          {questions}
          <Textarea
            label={t("answer.comment")}
            autosize
            maxLength={2000}
            value={answer.comment}
            onChange={(event) => setAnswer({ ...answer, comment: event.currentTarget.value })}
          />
          <Textarea
            label={t("correct.reason")}
            required
            autosize
            minRows={2}
            maxLength={1000}
            value={reason}
            error={refused?.forField("reason") && refused.message}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <PasswordInput
            label={t("sign.password")}
            required
            autoComplete="current-password"
            value={password}
            error={refused?.forField("password") && refused.message}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ErrorNotice error={refused && !refused.forField("reason") && !refused.forField("password") ? refused : null} />
          {lacks && (
            <Text size="sm" className="muted" role="status">
              {t(lacks, { count: answer.findings ? unanswered(answer.findings).length : 0 })}
            </Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" loading={correct.isPending} disabled={lacks !== null || !reason.trim() || !password}>
              {t("correct.send")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
