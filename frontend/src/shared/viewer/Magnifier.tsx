import type { Ref } from "react";
import { MAGNIFIER } from "./painter";
import type { Point } from "./types";
import classes from "./viewer.module.css";

interface MagnifierProps {
  ref: Ref<HTMLCanvasElement>;
  at: Point | null;
}

export function Magnifier({ ref, at }: MagnifierProps) {
  const { side } = MAGNIFIER;
  return (
    <canvas
      ref={ref}
      className={classes.magnifier}
      width={side}
      height={side}
      hidden={at === null}
      style={at ? { left: at.x - side / 2, top: at.y - side / 2 } : undefined}
    />
  );
}
