import { Alert, Button } from "@mantine/core";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { t } from "@/shared/messages";

interface Props {
  /** A change of it, such as another page, gives the part a new start. */
  resetKey?: string;
  children: ReactNode;
}

/** A part that fails says so in its own place; the rest of the page lives on. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(previous: Props) {
    if (this.state.error && previous.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Alert color="red" m="md" title={t("error.crash_title")} role="alert">
        <p>{t("error.crash_detail")}</p>
        <Button size="xs" variant="default" onClick={() => this.setState({ error: null })}>
          {t("action.retry")}
        </Button>
      </Alert>
    );
  }
}
