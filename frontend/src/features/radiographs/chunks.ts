/** What one request carries: the server takes at most 200 files, and progress should be seen. */
export const MOST_FILES = 20;
export const MOST_BYTES = 64 * 1024 * 1024;

/** Files in their order, cut into requests. A file larger than a request's measure goes alone. */
export function chunksOf<Item extends { size: number }>(
  files: readonly Item[],
  mostFiles = MOST_FILES,
  mostBytes = MOST_BYTES,
): Item[][] {
  const chunks: Item[][] = [];
  let room = 0;
  for (const file of files) {
    const last = chunks.at(-1);
    if (last && last.length < mostFiles && file.size <= room) {
      last.push(file);
      room -= file.size;
    } else {
      chunks.push([file]);
      room = mostBytes - file.size;
    }
  }
  return chunks;
}
