import { useEffect } from "react";
import { t } from "@/shared/messages";

/** The title of the window: what is open, then the product. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t("app.name")}` : t("app.name");
  }, [title]);
}
