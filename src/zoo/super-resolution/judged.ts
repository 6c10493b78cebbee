import type { Look } from "../../game/conclusion.js";
import type { Owned } from "../../game/network.js";
import {
  energyAbove,
  powerSpectrum,
  type Spectrum,
  spectrumError,
} from "../../metrics/spectrum.js";
import { psnrY } from "../../metrics/super-resolution.js";
import { evenPlaces, readSeen } from "../../shape/items.js";
import { type Shape, sizeOf } from "../../shape/shape.js";

/** Pictures that a run's networks are tried on, and what is true of them. */
export interface Tried {
  readonly shape: Shape;
  readonly count: number;
  /** One after another, from −1 to 1. */
  readonly items: Float32Array;
  /** `test pictures`, or `training pictures` where there are no others. */
  readonly whose: string;
  readonly spectrum: Spectrum;
}

/** At most so many, and so many pixels. */
const most = { pictures: 32, pixels: 32 * 128 * 128 };

/** Pictures that were never trained on, where there are some. */
export function tried<N extends Readonly<Record<string, Owned>>, H>({
  data,
  heldOut,
}: Pick<Look<N, H>, "data" | "heldOut">): Tried {
  const { shape } = data;
  const from = heldOut ?? data;
  const [, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const wanted = Math.max(1, Math.min(most.pictures, Math.floor(most.pixels / (h * w))));
  const places = evenPlaces(from.count, wanted);
  const items = readSeen({ ...from, shape }, places);
  const whose = heldOut === undefined ? "training pictures" : "test pictures";
  return { shape, count: places.length, items, whose, spectrum: powerSpectrum(items, { shape }) };
}

/** How near pictures are to the truth, and how like it, each at its best without the other. */
export interface Judged {
  /** Mean over pictures, of luma without a border: decibels. */
  readonly psnr: number;
  /** Mean of `|ln|` of the ratio of powers at each frequency. */
  readonly spectrum: number;
  /** Energy that a small picture cannot have, as a share of the truth's. */
  readonly energy: number;
}

/** Pictures made of small ones, beside the truth. */
export function judged(
  made: Float32Array,
  { shape, count, items, spectrum }: Tried,
  scale: number,
): Judged {
  const each = sizeOf(shape);
  const own = powerSpectrum(made, { shape });
  const one = (from: Float32Array, i: number): Uint8Array =>
    bytesOf(from.subarray(i * each, (i + 1) * each));
  let psnr = 0;
  for (let i = 0; i < count; i++) {
    psnr += psnrY(one(made, i), one(items, i), { shape, border: scale }) / count;
  }
  const cut = 1 / (2 * scale);
  return {
    psnr,
    spectrum: spectrumError(own, spectrum),
    energy: energyAbove(own, cut) / energyAbove(spectrum, cut),
  };
}

/** As a picture is stored. */
const bytesOf = (values: Float32Array): Uint8Array =>
  Uint8Array.from(values, (v) => Math.max(0, Math.min(255, Math.round(127.5 * (v + 1)))));
