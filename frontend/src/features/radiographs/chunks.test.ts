import { describe, expect, test } from "vitest";
import { chunksOf } from "./chunks";

const sized = (...sizes: number[]) => sizes.map((size, index) => ({ name: `file-${index}`, size }));

describe("an upload in requests", () => {
  test("sends every file once, in order", () => {
    const files = sized(5, 1, 9, 3, 3, 3, 8);
    expect(chunksOf(files, 3, 10).flat()).toEqual(files);
  });

  test("keeps to the number and to the bytes of one request", () => {
    const chunks = chunksOf(sized(4, 4, 4, 1, 1, 1, 1), 3, 10);
    expect(chunks.map((chunk) => chunk.map(({ size }) => size))).toEqual([[4, 4], [4, 1, 1], [1, 1]]);
  });

  test("sends a file that is larger than a request's measure alone", () => {
    expect(chunksOf(sized(2, 50, 2), 3, 10).map((chunk) => chunk.length)).toEqual([1, 1, 1]);
  });

  test("of nothing is nothing", () => {
    expect(chunksOf([])).toEqual([]);
  });
});
