const bufferOf = (bytes: number): ArrayBufferLike =>
  globalThis.SharedArrayBuffer === undefined
    ? new ArrayBuffer(bytes)
    : new globalThis.SharedArrayBuffer(bytes);

/** Zeroed bytes in memory that worker threads share, where the platform has such memory. */
export const sharedBytes = (count: number): Uint8Array => new Uint8Array(bufferOf(count));

/** Zeroed float32 numbers in memory that worker threads share, where there is such memory. */
export const sharedFloats = (count: number): Float32Array => new Float32Array(bufferOf(4 * count));

/** Zeroed int32 numbers in memory that worker threads share, where there is such memory. */
export const sharedInts = (count: number): Int32Array => new Int32Array(bufferOf(4 * count));
