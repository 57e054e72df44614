import { type Findings, isGruen, type Zone, ZONES } from "./findings";
import { BONES, DRAWING, IMPLANT, ZONE_SHAPES } from "./hipShapes";
import { t } from "./text";
import classes from "./fullForm.module.css";

interface HipDiagramProps {
  findings: Findings;
  /** The zone that the digits answer. */
  at: Zone | null;
  disabled: boolean;
  onZone: (zone: Zone) => void;
}

/** The hip as the image shows it, with the zones to be clicked: mirrored by the side that the reader sees. */
export function HipDiagram({ findings, at, disabled, onZone }: HipDiagramProps) {
  const isLeft = findings.side_shown === "L";
  return (
    <svg
      className={classes.diagram}
      viewBox={`0 0 ${DRAWING.width} ${DRAWING.height}`}
      role="group"
      aria-label={t(isLeft ? "diagram.left" : "diagram.right")}
      data-side={findings.side_shown ?? undefined}
    >
      <defs>
        <pattern id="lucency-not-visible" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V6" stroke="#8b979c" strokeWidth="2" />
        </pattern>
      </defs>
      <g transform={isLeft ? `translate(${DRAWING.width} 0) scale(-1 1)` : undefined}>
        <path d={BONES.pelvis} className={classes.bone} />
        <path d={BONES.femur} className={classes.bone} />
        <path d={IMPLANT.stem} className={classes.metal} />
        <path d={IMPLANT.cup} className={classes.metal} />
        <circle cx={IMPLANT.head.x} cy={IMPLANT.head.y} r={25} className={classes.metal} />
      </g>
      {ZONES.map((zone) => (
        <ZoneArea
          key={zone}
          zone={zone}
          findings={findings}
          isLeft={isLeft}
          isAt={zone === at}
          reached={zone === (at ?? ZONES[0])}
          onPress={disabled ? undefined : () => onZone(zone)}
        />
      ))}
    </svg>
  );
}

interface ZoneAreaProps {
  zone: Zone;
  findings: Findings;
  isLeft: boolean;
  isAt: boolean;
  /** Whether Tab leads here: one zone stands for all, arrows lead on. */
  reached: boolean;
  onPress: (() => void) | undefined;
}

function ZoneArea({ zone, findings, isLeft, isAt, reached, onPress }: ZoneAreaProps) {
  const { path, label } = ZONE_SHAPES[zone];
  const width = findings.zones[zone];
  const scalloped = isGruen(zone) && findings.scalloping.includes(zone);
  const x = isLeft ? DRAWING.width - label.x : label.x;
  const said = width ? t(`width.${width}`) : t("zone.open");
  return (
    <g className={classes.zone} data-zone={zone} data-width={width}>
      <path
        d={path}
        transform={isLeft ? `translate(${DRAWING.width} 0) scale(-1 1)` : undefined}
        role="button"
        tabIndex={reached && onPress ? 0 : -1}
        aria-label={`${t(`zone.${zone}`)}: ${said}${scalloped ? ", " + t("question.scalloping") : ""}`}
        aria-pressed={isAt}
        aria-disabled={onPress === undefined}
        // A click leaves the focus where keys answer: the space bar sets marks there.
        onMouseDown={(event) => event.preventDefault()}
        onClick={onPress}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          event.stopPropagation();
          onPress?.();
        }}
      />
      <text x={x} y={width ? label.y : label.y + 4} aria-hidden="true">
        {t(`zone.short.${zone}`)}
      </text>
      {width && (
        <text x={x} y={label.y + 10} className={classes.width} aria-hidden="true">
          {t(`short.width.${width}`)}
          {scalloped && "≈"}
        </text>
      )}
      {!width && scalloped && (
        <text x={x} y={label.y + 13} className={classes.width} aria-hidden="true">
          {"≈"}
        </text>
      )}
    </g>
  );
}
