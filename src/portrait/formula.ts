import { ConfigurationError } from "../shape/error.js";

/** What the portraits of the family de Belamy are signed with. */
export const formula = "min_G max_D E_x[log D(x)] + E_z[log(1−D(G(z)))]";

/** A sign as strokes of a pen: paths of SVG with the line at 0, and how far the next one is. */
interface Sign {
  readonly path: string;
  readonly wide: number;
}

// Drawn here, since fonts differ from machine to machine, and some have none.
const signs: Readonly<Record<string, Sign>> = {
  " ": { path: "", wide: 26 },
  m: { path: "M0 0V-46M0-33C5-50 24-52 25-33V0M25-33C30-50 50-52 51-33V0", wide: 64 },
  i: { path: "M2 0V-46M2-63V-66", wide: 16 },
  n: { path: "M0 0V-46M0-32C6-51 31-53 32-31V0", wide: 45 },
  a: { path: "M33-45V-6C33-1 36 0 39-1M33-24C33-56 0-54 0-23C0 7 30 7 33-20", wide: 50 },
  x: { path: "M0 0L31-46M1-46C10-42 22-4 33 0", wide: 45 },
  l: { path: "M2-76V-9C2-2 5 0 10-1", wide: 20 },
  o: { path: "M18 0C-6 0-6-48 18-48C42-48 42 0 18 0Z", wide: 47 },
  g: { path: "M34-46V6C34 28 4 29 1 12M34-24C34-57 0-55 0-25C0 5 31 6 34-20", wide: 48 },
  z: { path: "M1-46H30L0 0C10-4 22 2 33-2", wide: 45 },
  G: { path: "M50-58C40-82 0-78 0-36C0 8 44 10 52-12V-32H31", wide: 66 },
  D: { path: "M2 0V-74M-6-73H14C68-75 68 1 14 0H-6", wide: 68 },
  E: { path: "M43-72C30-76 12-75 2-74V0C14 2 32 1 45-3M2-38H34", wide: 56 },
  "[": { path: "M15-84H2V15H15", wide: 26 },
  "]": { path: "M0-84H13V15H0", wide: 27 },
  "(": { path: "M15-85C-4-56-4-14 15 15", wide: 25 },
  ")": { path: "M0-85C19-56 19-14 0 15", wide: 26 },
  "+": { path: "M0-27H38M19-46V-8", wide: 52 },
  "−": { path: "M3-27H35", wide: 46 },
  "1": { path: "M3-58L19-74V0", wide: 33 },
};

/** Signs that hang below the line are so much smaller, and lower. */
const small = 0.62;
const lower = 20;

/** How high a line of signs is, brackets and all. */
export const signedHeight = 112;

/** A formula in a person's hand. */
export interface Handwriting {
  /** Paths of SVG, to be stroked; the line is at 0. */
  readonly paths: string;
  readonly width: number;
}

/**
 * Text in a person's hand: `_` lets the next sign hang below the line.
 *
 * @throws {ConfigurationError} when the pen does not know a sign.
 */
export function handwriting(text: string): Handwriting {
  let x = 0;
  const paths: string[] = [];
  const characters = [...text];
  for (let i = 0; i < characters.length; i++) {
    const hangs = characters[i] === "_";
    const sign = signs[characters[hangs ? ++i : i] ?? " "];
    if (sign === undefined) {
      const hint = `it has ${Object.keys(signs).join("")}`;
      throw new ConfigurationError({
        op: "signature",
        why: `the pen has no ${characters[i]}`,
        hint,
      });
    }
    const scale = hangs ? small : 1;
    // No two are quite on one line.
    const y = (hangs ? lower : 0) + 2.2 * Math.sin(2.4 * i);
    const at = `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale})`;
    if (sign.path !== "") paths.push(`<path transform="${at}" d="${sign.path}"/>`);
    x += sign.wide * scale + (hangs ? 4 : 0);
  }
  return { paths: paths.join(""), width: x };
}

/** Where a signature is in a picture, in pixels, and in which ink. */
export interface Signature {
  readonly width: number;
  readonly height: number;
  /** Its lower right end. */
  readonly right: number;
  readonly bottom: number;
  /** How wide it is. */
  readonly long: number;
  /** A colour of SVG. */
  readonly ink: string;
}

/** The formula as an SVG over a whole picture. */
export function signatureSvg(
  text: string,
  { width, height, right, bottom, long, ink }: Signature,
): string {
  const { paths, width: wide } = handwriting(text);
  const scale = long / wide;
  const place = `translate(${right - long} ${bottom - 18 * scale}) scale(${scale}) skewX(-9)`;
  const pen = `fill="none" stroke="${ink}" stroke-linecap="round" stroke-linejoin="round"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<g transform="${place}" ${pen} stroke-width="6.5">${paths}</g></svg>`,
  ].join("");
}
