import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { CompressionCodec } from "hyparquet";
import {
  decompressLz4,
  decompressLz4Raw,
  decompressSnappy,
  decompressZstd,
} from "hyparquet-compressors";
import { formatBytes } from "./memory.js";
import { alwaysUnpacked, BadFile, mostRatio } from "./source.js";

type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

const unpackers: Partial<Record<CompressionCodec, Unpack>> = {
  UNCOMPRESSED: (packed) => packed,
  SNAPPY: decompressSnappy,
  GZIP: (packed, size) => gunzipSync(packed, { maxOutputLength: Math.max(1, size) }),
  BROTLI: (packed, size) => brotliDecompressSync(packed, { maxOutputLength: Math.max(1, size) }),
  // Into a given array, so that what a frame says of its size does not matter.
  ZSTD: (packed, size) => decompressZstd(packed, new Uint8Array(size)),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};

/** Unpacks a page to the size that its header states, unless that is what a bomb would state. */
export function unpackPage(
  packed: Uint8Array,
  { size, codec }: { readonly size: number; readonly codec: CompressionCodec },
): Uint8Array {
  const unpack = unpackers[codec];
  if (!unpack) throw new BadFile(`is compressed with ${codec}, which is not read`);
  if (size < 0 || size > Math.max(alwaysUnpacked, mostRatio * packed.length)) {
    const from = `${formatBytes(packed.length)} that would unpack to ${formatBytes(size)}`;
    throw new BadFile(`has a page of ${from}`);
  }
  let page: Uint8Array;
  try {
    page = unpack(packed, size);
  } catch {
    throw new BadFile("is damaged (a page does not unpack)");
  }
  if (page.length !== size) throw new BadFile("is damaged (a page has another size than it says)");
  return page;
}
