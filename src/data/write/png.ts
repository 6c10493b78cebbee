import sharp from "sharp";
import { readItems } from "../../shape/items.js";
import type { Dataset } from "../dataset.js";
import { inFlight } from "../files/source.js";
import { channelsLast } from "./npz.js";

/** Every picture of a data set as a PNG, in order; a few are encoded at a time. */
export async function* pngsOf(data: Dataset): AsyncGenerator<Uint8Array, void> {
  const [channels, height, width] = data.shape as readonly [1 | 3, number, number]; // pictures
  const stride = 8 * inFlight();
  for (let at = 0; at < data.count; at += stride) {
    const places = Array.from({ length: Math.min(stride, data.count - at) }, (_, i) => at + i);
    const items = readItems(data, places) as Uint8Array; // pictures are bytes
    const pixels = channelsLast(items, data.shape);
    const each = channels * height * width;
    yield* await Promise.all(
      places.map((_, i) =>
        sharp(pixels.subarray(i * each, (i + 1) * each), { raw: { channels, height, width } })
          .png()
          .toBuffer(),
      ),
    );
  }
}
