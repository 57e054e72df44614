import { LinkButton, Page } from "@/shared/components";
import { t as common } from "@/shared/messages";

export function NotFoundPage() {
  return (
    <Page title={common("error.not_found_title")} lead={common("error.not_found_detail")}>
      <div>
        <LinkButton to="/">{common("error.not_found_home")}</LinkButton>
      </div>
    </Page>
  );
}
