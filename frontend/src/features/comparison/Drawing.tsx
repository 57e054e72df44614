import { Button, Group, Skeleton, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { fetchBytes } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { nearest, type Spot, takeSpots } from "./spots";
import { t } from "./text";
import classes from "./Drawing.module.css";

interface DrawingProps {
  /** Address of the figure: the very drawing that the report and its archive hold. */
  url: string;
  /** What stands below it. */
  caption: ReactNode;
}

const REACH = 22;

interface Drawn {
  svg: SVGSVGElement;
  spots: Spot[];
  description: string;
  width: number;
}

async function load(url: string, signal: AbortSignal): Promise<Drawn> {
  const text = new TextDecoder().decode(await fetchBytes(url, signal));
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const svg = document.importNode(parsed.documentElement, true) as unknown as SVGSVGElement;
  const spots = takeSpots(svg);
  const description = svg.querySelector(":scope > desc")?.textContent ?? "";
  svg.querySelector(":scope > title")?.remove();
  svg.removeAttribute("role");
  svg.setAttribute("aria-hidden", "true");
  return { svg, spots, description, width: Number(svg.getAttribute("width")) };
}

/** A figure drawn by the server: pointed at, or walked through with the arrow keys, it says what stands there. */
export function Drawing({ url, caption }: DrawingProps) {
  const query = useQuery({
    queryKey: ["drawing", url],
    queryFn: ({ signal }) => load(url, signal),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <figure className={classes.figure}>
      {query.data ? <Picture drawn={query.data} /> : <Skeleton height={320} />}
      <Group justify="space-between" align="flex-start" gap="md" wrap="nowrap">
        <Text component="figcaption" size="sm" className="muted">
          {caption}
        </Text>
        <Group gap={6} wrap="nowrap" className={classes.save}>
          <Save href={url} label={t("save_svg")} />
          <Save href={`${url}${url.includes("?") ? "&" : "?"}form=pdf`} label={t("save_pdf")} />
        </Group>
      </Group>
    </figure>
  );
}

function Save({ href, label }: { href: string; label: string }) {
  return (
    <Button component="a" href={href} download size="compact-xs" variant="default" leftSection={<IconDownload size={13} />}>
      {label}
    </Button>
  );
}

function Picture({ drawn }: { drawn: Drawn }) {
  const { svg, spots, description, width } = drawn;
  const frame = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(-1);
  useEffect(() => {
    frame.current?.replaceChildren(svg);
    setShown(-1);
  }, [svg]);
  const scale = () => (frame.current?.clientWidth ?? width) / width;
  const point = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (box) setShown(nearest(spots, (event.clientX - box.left) / scale(), (event.clientY - box.top) / scale(), REACH));
  };
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") setShown(-1);
    if (step === undefined || spots.length === 0) return;
    event.preventDefault();
    setShown((now) => (now < 0 ? 0 : (now + step + spots.length) % spots.length));
  };
  const spot = spots[shown];
  return (
    <div className={classes.picture} style={{ maxWidth: width * 1.18 }}>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${description} ${t("figure_keys")}`}
        aria-valuemin={0}
        aria-valuemax={Math.max(spots.length - 1, 0)}
        aria-valuenow={Math.max(shown, 0)}
        aria-valuetext={spot ? spot.says.join(", ") : t("figure_nothing")}
        onPointerMove={point}
        onPointerLeave={() => setShown(-1)}
        onKeyDown={walk}
        onBlur={() => setShown(-1)}
        ref={frame}
      />
      {spot && <Tip spot={spot} scale={scale()} width={width} />}
    </div>
  );
}

function Tip({ spot, scale, width }: { spot: Spot; scale: number; width: number }) {
  const [first, ...others] = spot.says;
  const left = spot.x > width * 0.6;
  return (
    <>
      <span className={classes.ring} style={{ left: spot.x * scale, top: spot.y * scale }} />
      <div
        className={classes.tip}
        data-left={left || undefined}
        style={{ left: spot.x * scale, top: spot.y * scale }}
        aria-hidden="true"
      >
        <b>{first}</b>
        {others.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </div>
    </>
  );
}
