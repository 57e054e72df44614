import { Alert, Button, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { asApiError } from "@/shared/api";
import { t } from "@/shared/messages";

/** The sentence that a person reads; the server's own where it gave one. */
export function errorSentence(error: unknown): string {
  const { code, message, status } = asApiError(error);
  if (code === "offline") return t("error.offline");
  if (code === "unexpected_answer") return t("error.unexpected_answer", { status: String(status) });
  if (code === "unexpected") return t("error.unexpected");
  return message;
}

interface ErrorNoticeProps {
  /** Nothing is shown while this is null or undefined. */
  error: unknown;
  title?: string;
  onRetry?: () => void;
}

export function ErrorNotice({ error, title, onRetry }: ErrorNoticeProps) {
  if (!error) return null;
  const sentence = errorSentence(error);
  const details = asApiError(error).details.filter((detail) => detail.message !== sentence);
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />} title={title ?? t("error.title")}>
      <Text size="sm">{sentence}</Text>
      {details.length > 0 && (
        <List size="sm" mt={4}>
          {details.map((detail, index) => (
            <List.Item key={index}>
              {detail.field && <b>{detail.field + ": "}</b>}
              {detail.message}
            </List.Item>
          ))}
        </List>
      )}
      {onRetry && (
        <Button size="xs" variant="default" mt="xs" onClick={onRetry}>
          {t("action.retry")}
        </Button>
      )}
    </Alert>
  );
}
