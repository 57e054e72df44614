import type { Zone } from "./findings";

/** A right hip seen from the front, its outer side on the left; a left hip is the same drawing mirrored. */
export const DRAWING = { width: 220, height: 300 };

interface Place {
  x: number;
  y: number;
}

/** Centre of the acetabulum: DeLee and Charnley's zones are its thirds. */
const CENTRE: Place = { x: 112, y: 92 };
const RING = { inner: 45, outer: 71 };

const onCircle = (radius: number, degrees: number): Place => ({
  x: CENTRE.x + radius * Math.cos((degrees * Math.PI) / 180),
  y: CENTRE.y + radius * Math.sin((degrees * Math.PI) / 180),
});
const point = ({ x, y }: Place) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** A piece of a ring around the acetabulum; 0 degrees is towards the midline, and they grow downwards. */
function ring(inner: number, outer: number, from: number, to: number): string {
  const [a, b, c, d] = [onCircle(outer, from), onCircle(outer, to), onCircle(inner, to), onCircle(inner, from)];
  return `M${point(a)}A${outer} ${outer} 0 0 1 ${point(b)}L${point(c)}A${inner} ${inner} 0 0 0 ${point(d)}Z`;
}

/** The socket opens down and outwards. */
const [RIM_OUTSIDE, RIM_INSIDE] = [-140, 40];

export const BONES = {
  pelvis:
    "M58 0C66 18 62 30 50 50L56 62A66 66 0 0 1 168 138C176 156 170 176 184 184C198 186 204 168 203 150C205 138 214 132 220 130V0Z",
  femur:
    "M50 108C36 106 26 118 29 138C31 158 36 178 39 200L46 300H100L106 206C108 184 114 172 122 162C126 154 122 146 116 144L108 132L92 116L66 118C62 112 56 109 50 108Z",
};

export const IMPLANT = {
  cup: ring(33, 44, RIM_OUTSIDE, RIM_INSIDE),
  stem: "M62 124L92 98L104 106L98 136C94 172 88 220 83 254Q77 266 71 254C66 220 60 172 56 142Z",
  head: CENTRE,
};

const THIRD = (RIM_INSIDE - RIM_OUTSIDE) / 3;
const third = (index: number) =>
  ring(RING.inner, RING.outer, RIM_OUTSIDE + index * THIRD, RIM_OUTSIDE + (index + 1) * THIRD);
const middle = (index: number) => onCircle((RING.inner + RING.outer) / 2, RIM_OUTSIDE + (index + 0.5) * THIRD);

/** Gruen's zones run from outside above around the tip to inside above. */
export const ZONE_SHAPES: Record<Zone, { path: string; label: Place }> = {
  D1: { path: third(0), label: middle(0) },
  D2: { path: third(1), label: middle(1) },
  D3: { path: third(2), label: middle(2) },
  G1: { path: "M29 124H61L56 142L58 168H35Q30 146 29 124Z", label: { x: 44, y: 148 } },
  G2: { path: "M35 168H58L64 212H40Z", label: { x: 49.5, y: 191 } },
  G3: { path: "M40 212H64L71 254H43.5Z", label: { x: 54.5, y: 234 } },
  G4: { path: "M43.5 254H71Q77 266 83 254H103L101 290H46Z", label: { x: 74, y: 277 } },
  G5: { path: "M90 212H106L103 254H83Z", label: { x: 95.5, y: 234 } },
  G6: { path: "M95 168H119Q109 180 106 212H90Z", label: { x: 101, y: 190 } },
  G7: { path: "M98.5 132L108 132L116 144C122 146 126 154 119 168H95Z", label: { x: 108, y: 152 } },
};
