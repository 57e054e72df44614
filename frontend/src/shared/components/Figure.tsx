import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { t } from "@/shared/messages";
import { download } from "./download";
import { pngOf, svgText } from "./figureExport";
import classes from "./Figure.module.css";

interface FigureProps {
  /** Name of the exported files, without their ending. */
  exportName: string;
  /** What the figure shows, for those who cannot see it. */
  description: string;
  caption?: ReactNode;
  /** Makes the picture: Plot.plot(...) or an SVG of one's own. Called again when it or the width changes: memoise it. */
  draw: (width: number) => SVGSVGElement | HTMLElement;
  /** Further buttons beside the exports. */
  actions?: ReactNode;
}

/** A figure for papers: drawn at the width there is, exported as SVG and PNG. */
export function Figure({ exportName, description, caption, draw, actions }: FigureProps) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    let drawn = 0;
    const redraw = () => {
      const width = Math.floor(element.clientWidth);
      if (width === 0 || width === drawn) return;
      drawn = width;
      const drawing = draw(width);
      // The figure speaks with one voice, its description; the names that Plot gives its groups are no help.
      for (const part of drawing.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
      element.replaceChildren(drawing);
    };
    redraw();
    const observer = new ResizeObserver(redraw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [draw]);
  const svg = () => frame.current?.querySelector("svg");
  const saveSvg = () => {
    const drawing = svg();
    if (drawing) download(`${exportName}.svg`, svgText(drawing), "image/svg+xml");
  };
  const savePng = async () => {
    const drawing = svg();
    if (drawing) download(`${exportName}.png`, await pngOf(drawing));
  };
  return (
    <figure className={classes.figure}>
      <div ref={frame} role="img" aria-label={description} className={classes.frame} />
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
        <Text component="figcaption" size="sm" className="muted">
          {caption}
        </Text>
        <Group gap={6} wrap="nowrap">
          {actions}
          <Button size="compact-xs" variant="default" leftSection={<IconDownload size={13} />} onClick={saveSvg}>
            {t("action.svg")}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconDownload size={13} />}
            onClick={() => void savePng()}
          >
            {t("action.png")}
          </Button>
        </Group>
      </Group>
    </figure>
  );
}
