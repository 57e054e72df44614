import { useEffect } from "react";

const ATTRIBUTE = "data-mantine-color-scheme";

/** While such a page is open everything is dark, dialogs too, whatever the person chose elsewhere. */
export function useDarkRoom(): void {
  useEffect(() => {
    const root = document.documentElement;
    const before = root.getAttribute(ATTRIBUTE);
    root.setAttribute(ATTRIBUTE, "dark");
    return () => {
      if (before) root.setAttribute(ATTRIBUTE, before);
    };
  }, []);
}
