import { ShapeError } from "../../shape/error.js";
import { type FitsPicture, isOfTheSky } from "../files/fits.js";

/** What becomes a FITS file: light, planar `[c h w]`, rows from the top. */
export interface FitsValues extends Pick<FitsPicture, "data" | "channels" | "height" | "width"> {
  /** Lines of the header of another file that still hold: `OBJECT`, `CRVAL1`, … */
  readonly cards?: readonly string[];
}

/** What is said beside the numbers. */
export interface FitsOptions {
  /** What was done to the picture: a line of HISTORY each. */
  readonly history?: readonly string[];
}

const block = 2880;

/**
 * A picture as a FITS file of float32, `BITPIX = -32`; one plane or three. Lines of another file's
 * header are kept but for those that say how its numbers lie.
 *
 * FITS Standard 4.0, sections 3 and 4 (IAU FITS Working Group 2018).
 *
 * @throws {ShapeError} when there are other than so many numbers.
 *
 * @example
 * const light = { data: Float32Array.of(0.5, 2), channels: 1, height: 1, width: 2 };
 * writeFits(light, { history: ["made up"] }).length; // → 5760
 */
export function writeFits(
  { data, channels, height, width, cards = [] }: FitsValues,
  { history = [] }: FitsOptions = {},
): Uint8Array {
  if (data.length !== channels * height * width) {
    const why = `${data.length} numbers are no ${channels} planes of ${height} × ${width}`;
    throw new ShapeError({ op: "writeFits", why });
  }
  const numbered = (keyword: string, value: string): string =>
    `${keyword.padEnd(8)}= ${value.padStart(20)}`;
  const axes = channels === 1 ? [width, height] : [width, height, channels];
  const head = [
    numbered("SIMPLE", "T"),
    numbered("BITPIX", "-32"),
    numbered("NAXIS", String(axes.length)),
    ...axes.map((n, i) => numbered(`NAXIS${i + 1}`, String(n))),
    ...cards.filter(isOfTheSky),
    ...history.flatMap((text) => inLines(plain(text)).map((line) => `HISTORY ${line}`)),
    "END",
  ].map((line) => line.slice(0, 80).padEnd(80));
  const start = block * Math.ceil((80 * head.length) / block);
  const out = new Uint8Array(start + block * Math.ceil((4 * data.length) / block));
  out.fill(32, 0, start);
  out.set(new TextEncoder().encode(head.join("")));
  const view = new DataView(out.buffer, start);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / width) % height;
    view.setFloat32(4 * (i + (height - 1 - 2 * row) * width), data[i]!);
  }
  return out;
}

/** The letters that a header may have. */
const plain = (text: string): string => text.replace(/[^ -~]/g, "?");

const inLines = (text: string): readonly string[] => text.match(/.{1,72}/g) ?? [];
