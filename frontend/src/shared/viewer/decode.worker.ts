/** Decodes HTJ2K away from the page, one picture at a time, and makes its smaller resolutions there too. */
import openDecoder from "@cornerstonejs/codec-openjph";
import codecAddress from "@cornerstonejs/codec-openjph/wasm?url";
import { pyramid } from "./resample";
import type { Level } from "./types";

export interface DecodeRequest {
  id: number;
  codestream: ArrayBuffer;
}

export type DecodeAnswer = { id: number; levels: Level[] } | { id: number; problem: string };

const codec = openDecoder({ locateFile: () => codecAddress });

async function decoded(codestream: ArrayBuffer): Promise<Level[]> {
  const decoder = new (await codec).HTJ2KDecoder();
  try {
    decoder.getEncodedBuffer(codestream.byteLength).set(new Uint8Array(codestream));
    decoder.decode();
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    if (componentCount !== 1) throw new Error("the picture is not grey");
    const bytes = decoder.getDecodedBuffer();
    const pixels = new Uint16Array(width * height);
    if (bitsPerSample <= 8) pixels.set(bytes);
    else new Uint8Array(pixels.buffer).set(bytes.subarray(0, pixels.byteLength));
    return pyramid(width, height, pixels);
  } finally {
    decoder.delete();
  }
}

self.onmessage = async ({ data }: MessageEvent<DecodeRequest>) => {
  let answer: DecodeAnswer;
  try {
    answer = { id: data.id, levels: await decoded(data.codestream) };
  } catch (error) {
    answer = { id: data.id, problem: error instanceof Error ? error.message : String(error) };
  }
  const buffers = "levels" in answer ? answer.levels.map((level) => level.data.buffer) : [];
  self.postMessage(answer, { transfer: buffers });
};
