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
