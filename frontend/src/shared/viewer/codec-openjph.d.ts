declare module "@cornerstonejs/codec-openjph" {
  export interface HTJ2KDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }
  export default function open(options: {
    locateFile: () => string;
  }): Promise<{ HTJ2KDecoder: new () => HTJ2KDecoder }>;
}
