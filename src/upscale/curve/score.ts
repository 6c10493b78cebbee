import {
  energyAbove,
  powerSpectrum,
  type Spectrum,
  spectrumError,
} from "../../metrics/spectrum.js";
import { psnrY, ssimY } from "../../metrics/super-resolution.js";
import type { Upscaler } from "../upscaler.js";
import type { BytePicture, SmallAndLarge } from "./pictures.js";

/** How one picture came out. */
export interface PictureScore {
  readonly name: string;
  /** Of luma without a border as wide as the scale, decibels. */
  readonly psnr: number;
  /** Structural similarity of the same. */
  readonly ssim: number;
}

/** How a set came out: means over its pictures, and its spectrum beside the truth's. */
export interface SetScore {
  readonly psnr: number;
  readonly ssim: number;
  /** Mean of `|ln|` of the ratio of powers at each frequency, over pieces of at most 64 × 64 pixels. */
  readonly spectrum: number;
  /** Energy above what a small picture can have, as a share of the truth's. */
  readonly energy: number;
  readonly pictures: readonly PictureScore[];
}

/** What is said of every score. */
export const protocol = (scale: number): string =>
  `PSNR and SSIM of luma (BT.601) in bytes, without ${scale} pixels at each edge, means over pictures; ` +
  `spectrum error: mean of |ln| of the ratio of powers at each frequency, over pieces of at most ${most}×${most}; ` +
  `energy: above 1/${2 * scale} cycles for each pixel, as a share of the truth's`;

/** Side of the pieces that spectra are of, unless a picture is smaller. */
const most = 64;

/** Makes every small picture larger, and compares what is made with the truth. */
export async function scoreSet(
  upscaler: Upscaler,
  pictures: readonly SmallAndLarge[],
  onPicture: (name: string) => void = () => {},
): Promise<SetScore> {
  const { scale } = upscaler;
  const scores: PictureScore[] = [];
  const made: BytePicture[] = [];
  for (const { name, truth, small } of pictures) {
    onPicture(name);
    const larger = await enlarged(upscaler, small);
    made.push(larger);
    const options = { shape: truth.shape, border: scale };
    const psnr = psnrY(larger.values, truth.values, options);
    scores.push({ name, psnr, ssim: ssimY(larger.values, truth.values, options) });
  }
  const mean = (of: (score: PictureScore) => number): number =>
    scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  const [own, real] = [made, pictures.map(({ truth }) => truth)].map(spectrumOf) as [
    Spectrum,
    Spectrum,
  ]; // two
  const cut = 1 / (2 * scale);
  return {
    psnr: mean((score) => score.psnr),
    ssim: mean((score) => score.ssim),
    spectrum: spectrumError(own, real),
    energy: energyAbove(own, cut) / energyAbove(real, cut),
    pictures: scores,
  };
}

/** A picture made larger, as it would be stored. Networks see grey pictures as colours. */
export async function enlarged(upscaler: Upscaler, small: BytePicture): Promise<BytePicture> {
  const [channels, height, width] = small.shape as readonly [number, number, number]; // read so
  const plane = Float32Array.from(small.values, (v) => v / 255);
  const data = channels === 3 ? plane : Float32Array.from([...plane, ...plane, ...plane]);
  const larger = await upscaler.upscale({ channels: 3, height, width, data });
  const shape = [channels, larger.height, larger.width];
  const n = larger.height * larger.width;
  const byte = (v: number): number => Math.max(0, Math.min(255, Math.round(255 * v)));
  const values =
    channels === 3
      ? Uint8Array.from(larger.data, byte)
      : Uint8Array.from({ length: n }, (_, i) =>
          byte((larger.data[i]! + larger.data[n + i]! + larger.data[2 * n + i]!) / 3),
        );
  return { shape, values };
}

/** Over pieces of one size of all pictures, whatever theirs: grey, so that all are alike. */
function spectrumOf(pictures: readonly BytePicture[]): Spectrum {
  const side = Math.min(most, ...pictures.flatMap(({ shape }) => shape.slice(1)));
  const pieces = pictures.flatMap(({ shape, values }) => {
    const [c, h, w] = shape as readonly [number, number, number]; // read so
    const n = h * w;
    const grey = Float32Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < c; k++) sum += values[k * n + i]! / c;
      return sum;
    });
    const list: Float32Array[] = [];
    for (let y = 0; y + side <= h; y += side) {
      for (let x = 0; x + side <= w; x += side) {
        const piece = new Float32Array(side * side);
        for (let row = 0; row < side; row++) {
          const from = (y + row) * w + x;
          piece.set(grey.subarray(from, from + side), row * side);
        }
        list.push(piece);
      }
    }
    return list;
  });
  const all = new Float32Array(pieces.length * side * side);
  pieces.forEach((piece, i) => {
    all.set(piece, i * piece.length);
  });
  return powerSpectrum(all, { shape: [1, side, side] });
}
