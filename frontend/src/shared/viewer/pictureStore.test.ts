import { expect, it, vi } from "vitest";
import { PictureStore } from "./pictureStore";

const settled = () => new Promise((resolve) => setTimeout(resolve));

it("loads an address once, however often it is asked for", async () => {
  const load = vi.fn((address: string) => Promise.resolve(address));
  const store = new PictureStore(load, () => 1);
  await Promise.all([store.get("a"), store.get("a")]);
  expect(load).toHaveBeenCalledTimes(1);
});

it("lets the least recently shown go when its memory is full", async () => {
  const store = new PictureStore((address: string) => Promise.resolve(address), () => 10, 25);
  for (const address of ["a", "b", "a", "c"]) await store.get(address);
  await settled();
  expect(["a", "b", "c"].map((address) => store.has(address))).toEqual([true, false, true]);
});

it("forgets a failure, so that asking again tries again", async () => {
  const load = vi.fn().mockRejectedValueOnce(new Error("no network")).mockResolvedValue("picture");
  const store = new PictureStore<string>(load, () => 1);
  await expect(store.get("a")).rejects.toThrow("no network");
  await expect(store.get("a")).resolves.toBe("picture");
});

it("keeps nothing of what is no longer to be shown", async () => {
  const store = new PictureStore((address: string) => Promise.resolve(address), () => 1);
  await Promise.all([store.get("a"), store.get("b")]);
  store.keepOnly(new Set(["b"]));
  expect([store.has("a"), store.has("b")]).toEqual([false, true]);
});

it("holds no more than its share over a hundred cases, and lets go of what it drops", async () => {
  const dropped: string[] = [];
  const held = new Set<string>();
  let most = 0;
  const load = (address: string) => {
    held.add(address);
    return Promise.resolve(address);
  };
  const store = new PictureStore(load, () => 20, 160, (address) => {
    held.delete(address);
    dropped.push(address);
  });
  // As the reading room asks: the case, two ahead, and what lies behind is let go only when memory is full.
  for (let at = 0; at < 100; at += 1) {
    for (const ahead of [0, 1, 2]) await store.get(`case ${at + ahead}`);
    await settled();
    most = Math.max(most, held.size);
  }
  expect(most).toBeLessThanOrEqual(9);
  expect(dropped.length).toBeGreaterThanOrEqual(90);
});
