import { describe, expect, it } from "vitest";
import { MarkStore } from "./markStore";

const image = { rows: 100, columns: 80 };
const at = (x: number, y: number) => ({ x, y });

describe("marks on a picture", () => {
  it("ties a finding to the zone that is chosen, and keeps it within the picture", () => {
    const store = new MarkStore(true);
    store.setZone("G3");
    store.begin("line", [at(-4, 10), at(79.96, 140)]);
    store.setZone("D1");
    store.place("point", at(5.123, 6));
    expect(store.findings(image)).toEqual([
      { zone: "G3", kind: "line", points: [[0, 10], [80, 100]] },
      { zone: "D1", kind: "point", points: [[5.1, 6]] },
    ]);
  });

  it("keeps measurements and marks that are not whole out of the answer", () => {
    const store = new MarkStore(true);
    store.setZone("G1");
    store.begin("length", [at(1, 1), at(9, 9)]);
    store.place("outline", at(1, 1));
    store.place("outline", at(9, 1));
    expect(store.findings(image)).toEqual([]);
    store.place("outline", at(9, 9));
    expect(store.findings(image)).toHaveLength(1);
    store.place("outline", at(1, 9));
    expect(store.findings(image)[0]?.points).toHaveLength(4);
  });

  it("takes back step by step", () => {
    const store = new MarkStore();
    const first = store.begin("length", [at(0, 0), at(1, 1)]);
    store.begin("length", [at(0, 0), at(2, 2)]);
    store.remove(first);
    store.undo();
    expect(store.get().marks).toHaveLength(2);
    store.undo();
    store.undo();
    store.undo();
    expect(store.get().marks).toEqual([]);
  });

  it("leaves findings where they are when the measurements are cleared", () => {
    const store = new MarkStore(true);
    store.load([{ zone: "G7", kind: "point", points: [[3, 4]] }]);
    store.begin("angle", [at(0, 0), at(1, 1), at(2, 0)]);
    store.clearMeasures();
    expect(store.findings(image)).toEqual([{ zone: "G7", kind: "point", points: [[3, 4]] }]);
    expect(store.get().marks).toHaveLength(1);
  });

  it("drops what another tool leaves half done", () => {
    const store = new MarkStore();
    store.place("angle", at(0, 0));
    store.place("angle", at(1, 1));
    store.finish();
    expect(store.get()).toMatchObject({ marks: [], open: null });
  });

  it("holds no more points than a read takes", () => {
    const store = new MarkStore(true);
    store.setZone("G1");
    const id = store.begin("outline", [at(0, 0)]);
    for (let step = 1; step < 1000; step += 1) store.extend(id, at(step % 80, step % 100));
    expect(store.findings(image)[0]!.points.length).toBeLessThanOrEqual(200);
  });
});
