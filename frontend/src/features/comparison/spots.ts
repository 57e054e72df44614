/** A place in a figure that says something when it is pointed at, in the figure's own units. */
export interface Spot {
  x: number;
  y: number;
  says: string[];
}

/** Takes the words out of a figure: as titles they would show a second tip of the browser's own. */
export function takeSpots(drawing: SVGSVGElement): Spot[] {
  return [...drawing.querySelectorAll<SVGCircleElement>("circle.spot")].map((circle) => {
    const title = circle.querySelector("title");
    const says = (title?.textContent ?? "").split("\n").filter(Boolean);
    title?.remove();
    return { x: Number(circle.getAttribute("cx")), y: Number(circle.getAttribute("cy")), says };
  });
}

/** The nearest spot within `reach`, as its place in the list; -1 where there is none. */
export function nearest(spots: readonly Spot[], x: number, y: number, reach: number): number {
  let found = -1;
  let least = reach * reach;
  spots.forEach((spot, index) => {
    const distance = (spot.x - x) ** 2 + (spot.y - y) ** 2;
    // The last drawn lies on top, and of two at one place it is the one that is seen.
    if (distance <= least) {
      least = distance;
      found = index;
    }
  });
  return found;
}
