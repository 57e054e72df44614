import { fetchBytes } from "@/shared/api";
import { decoder } from "./decoder";
import type { Levels } from "./types";

const MOST_BYTES = 160_000_000;

interface Entry<Picture> {
  picture: Promise<Picture>;
  /** The picture itself as soon as it is there. */
  ready?: Picture;
  size: number;
}

/**
 * Pictures by address, fetched once; the least recently shown go when the memory that they may take is full.
 * A fetch that failed is forgotten, so that asking again tries again.
 */
export class PictureStore<Picture> {
  private readonly entries = new Map<string, Entry<Picture>>();

  constructor(
    private readonly load: (address: string) => Promise<Picture>,
    private readonly sizeOf: (picture: Picture) => number,
    private readonly mostBytes = MOST_BYTES,
    private readonly drop: (picture: Picture) => void = () => undefined,
  ) {}

  get(address: string): Promise<Picture> {
    const known = this.entries.get(address);
    if (known) {
      this.entries.delete(address);
      this.entries.set(address, known);
      return known.picture;
    }
    const entry: Entry<Picture> = { picture: this.load(address), size: 0 };
    this.entries.set(address, entry);
    entry.picture.then(
      (picture) => {
        entry.ready = picture;
        entry.size = this.sizeOf(picture);
        this.makeRoom(address);
      },
      () => this.entries.delete(address),
    );
    return entry.picture;
  }

  /** What is there already, without waiting. */
  peek(address: string): Picture | null {
    return this.entries.get(address)?.ready ?? null;
  }

  has(address: string): boolean {
    return this.entries.has(address);
  }

  /** Everything but these addresses goes: a case that was submitted is not kept. */
  keepOnly(addresses: ReadonlySet<string>): void {
    for (const address of [...this.entries.keys()]) if (!addresses.has(address)) this.forget(address);
  }

  private makeRoom(newest: string): void {
    let total = [...this.entries.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [address, { size }] of [...this.entries]) {
      if (total <= this.mostBytes) return;
      if (address === newest) continue;
      total -= size;
      this.forget(address);
    }
  }

  private forget(address: string): void {
    const entry = this.entries.get(address);
    this.entries.delete(address);
    entry?.picture.then(this.drop, () => undefined);
  }
}

const bytesOf = (levels: Levels) => levels.reduce((sum, { data }) => sum + data.byteLength, 0);

export const fullDepths = new PictureStore<Levels>(
  async (address) => decoder.decode(await fetchBytes(address)),
  bytesOf,
);

export const previews = new PictureStore<ImageBitmap>(
  async (address) => createImageBitmap(new Blob([await fetchBytes(address)])),
  ({ width, height }) => 4 * width * height,
  40_000_000,
);

/** Fetches and decodes what will be shown soon. A failure shows when the picture is really asked for. */
export async function prefetch(previewUrl: string, fullDepthUrl: string): Promise<void> {
  await Promise.allSettled([previews.get(previewUrl), fullDepths.get(fullDepthUrl)]);
}

export function keepOnly(addresses: readonly string[]): void {
  const kept = new Set(addresses);
  fullDepths.keepOnly(kept);
  previews.keepOnly(kept);
}
