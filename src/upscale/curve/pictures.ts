import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import sharp from "sharp";
import { filesIn } from "../../data/files/folder.js";
import { matlabBicubic } from "../../shape/bicubic.js";
import { ConfigurationError, DataError } from "../../shape/error.js";
import type { Shape } from "../../shape/shape.js";

/** A picture in bytes, planar. */
export interface BytePicture {
  /** `[3 h w]` or `[1 h w]` */
  readonly shape: Shape;
  readonly values: Uint8Array;
}

/** A picture, and what it is when it is smaller. */
export interface SmallAndLarge {
  readonly name: string;
  readonly truth: BytePicture;
  readonly small: BytePicture;
}

/** The mark of a large picture in its name, and that of the small one that belongs to it. */
const marks = { large: /(^|[_.-])HR(?=[_.-])/, small: /(^|[_.-])LR(?=[_.-])/ } as const;

/**
 * The pictures of a folder, each with itself made smaller: a file such as `img_001_SRF_4_LR.png`
 * beside `img_001_SRF_4_HR.png` where there is one, or else as MATLAB makes pictures smaller. Of a
 * picture whose sides are no multiples of the scale the rest at the right and at the bottom is left out.
 *
 * @throws {DataError} when there are no pictures, or a small one does not belong to its large one.
 */
export async function smallAndLarge(
  folder: string,
  scale: number,
): Promise<readonly SmallAndLarge[]> {
  const names = (await filesIn(folder)).filter((name) => /\.(png|jpe?g|webp|tiff?)$/i.test(name));
  const large = names.filter((name) => !marks.small.test(basename(name)));
  if (large.length === 0) throw new DataError({ op: folder, why: "holds no pictures" });
  const all: SmallAndLarge[] = [];
  for (const name of large) {
    const truth = cropped(await readPicture(join(folder, name)), scale);
    const partner = name.replace(marks.large, "$1LR");
    const small =
      partner !== name && names.includes(partner)
        ? await readPicture(join(folder, partner))
        : smaller(truth, scale);
    check(name, { truth, small }, scale);
    all.push({ name, truth, small });
  }
  return all;
}

async function readPicture(path: string): Promise<BytePicture> {
  const file = readFileSync(path);
  try {
    const { channels } = await sharp(file).metadata();
    const { data, info } = await sharp(file)
      .removeAlpha()
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels: c } = info;
    const values = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) {
      values[(i % c) * width * height + Math.floor(i / c)] = data[i]!;
    }
    return { values, shape: [c, height, width] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError({ op: path, why: `cannot be read: ${why}` });
  }
}

/** Without what is over at the right and at the bottom. */
function cropped({ shape, values }: BytePicture, scale: number): BytePicture {
  const [c, h, w] = shape as readonly [number, number, number]; // read so
  const [t, u] = [h - (h % scale), w - (w % scale)];
  if (t < 1 || u < 1) {
    throw new ConfigurationError({ op: "curve", why: `${h}×${w} is less than ${scale}×${scale}` });
  }
  const out = new Uint8Array(c * t * u);
  for (let row = 0; row < c * t; row++) {
    const from = (Math.floor(row / t) * h + (row % t)) * w;
    out.set(values.subarray(from, from + u), row * u);
  }
  return { shape: [c, t, u], values: out };
}

function smaller({ shape, values }: BytePicture, scale: number): BytePicture {
  const [, h, w] = shape as readonly [number, number, number]; // read so
  const made = matlabBicubic(values, { shape, to: [h / scale, w / scale] });
  return { shape: made.shape, values: made.values };
}

function check(
  name: string,
  { truth, small }: { readonly truth: BytePicture; readonly small: BytePicture },
  scale: number,
): void {
  const wanted = truth.shape.map((size, axis) => (axis === 0 ? size : size / scale));
  if (wanted.join() === small.shape.join()) return;
  const operands = [
    { label: "small", value: small.shape },
    { label: "wanted", value: wanted },
  ];
  throw new DataError({
    op: name,
    why: `its small picture is not ${scale} times smaller`,
    operands,
  });
}
