import type { Dataset } from "./dataset.js";

/** How a data set is written; everything has a default. */
export interface WriteOptions {
  /** Called as items are written. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops writing when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a data set as a folder of PNGs, a StyleGAN zip or an NPZ file, as the path's ending says:
 * wholly, or not at all. What is read back has the same items and labels. Pictures of light are
 * FITS files in a folder or zip, the same to the precision of float32.
 *
 * @throws {ConfigurationError} when the path is taken, or says no form that fits.
 * @throws {DataError} when it cannot be written.
 *
 * @example
 * await data.write(data.shapes({ count: 4, size: 16 }), "some-shapes.zip");
 * (await data.open("some-shapes.zip")).count; // → 4
 */
export async function writeData(
  data: Dataset,
  out: string,
  options: WriteOptions = {},
): Promise<void> {
  // What encodes pictures is loaded by those who write some.
  await (await import("./write/convert.js")).writeData(data, out, options);
}
