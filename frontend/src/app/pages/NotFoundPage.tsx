import { EmptyState, LinkButton, Page } from "@/shared/components";
import { t as common } from "@/shared/messages";

export function NotFoundPage() {
  return (
    <Page title={common("error.not_found_title")}>
      <EmptyState
        title={common("error.not_found_title")}
        detail={common("error.not_found_detail")}
        action={<LinkButton to="/">{common("error.not_found_home")}</LinkButton>}
      />
    </Page>
  );
}
