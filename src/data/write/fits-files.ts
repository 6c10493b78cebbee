import { fluxOf } from "../../shape/flux.js";
import { readItems } from "../../shape/items.js";
import type { Dataset } from "../dataset.js";
import { writeFits } from "./fits.js";

/** Every picture of light as a FITS file, in the unit that it was read in. */
export function* fitsOf(data: Dataset): Generator<Uint8Array, void> {
  const [channels, height, width] = data.shape as readonly [1 | 3, number, number]; // pictures
  const unit = data.flux?.unit ?? 1;
  for (let i = 0; i < data.count; i++) {
    const flux = fluxOf(Float64Array.from(readItems(data, [i])));
    const values = Float32Array.from(flux, (value) => value * unit);
    yield writeFits({ data: values, channels, height, width });
  }
}
