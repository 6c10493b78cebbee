import { matlabBicubic } from "../../shape/bicubic.js";
import { fluxRange, stretched } from "../../shape/flux.js";
import type { Skipped } from "../dataset.js";
import { sharedFloats } from "../memory.js";
import { badFiles } from "./bad.js";
import { decodeFits, type FitsPicture, fitsLayout, unpackFits } from "./fits.js";
import type { Gathered } from "./gather.js";
import type { Placed } from "./layout.js";
import { checkMemory } from "./memory.js";
import { askedSize, type PictureOptions } from "./options.js";
import { BadFile, type PictureSource } from "./source.js";

/** Pictures as float32, and what their numbers were. */
export interface GatheredFlux extends Gathered {
  readonly items: Float32Array;
  readonly flux: { readonly unit: number };
  readonly notes: readonly string[];
}

interface Job {
  readonly file: string;
  readonly source: PictureSource;
  readonly pictures: readonly Placed[];
  readonly options: PictureOptions;
}

type Size = readonly [height: number, width: number];

/**
 * Decodes FITS files into one array of float32, stretched as a game sees pictures: −1 for a flux of
 * −0.1, 1 for 4. Headers are read first, so that what is of other sizes is resized once.
 */
export async function gatherFits(job: Job): Promise<GatheredFlux> {
  const { file, source, pictures, options } = job;
  const bad = new Map<number, string>();
  const slots = new Map(pictures.map(({ entry }, slot) => [entry, slot]));
  const each = async (use: (slot: number, bytes: Uint8Array) => void): Promise<void> => {
    const wanted = pictures.filter((_, slot) => !bad.has(slot)).map(({ entry }) => entry);
    await source.visit(wanted, async (entry, read) => {
      options.signal?.throwIfAborted();
      const slot = slots.get(entry)!;
      try {
        use(slot, await read());
      } catch (error) {
        if (!(error instanceof BadFile)) throw error;
        bad.set(slot, error.message);
      }
    });
  };
  const sizes: Size[] = [];
  let most = 1;
  await each((_, bytes) => {
    const { height, width, channels } = fitsLayout(unpackFits(bytes));
    sizes.push([height, width]);
    most = Math.max(most, channels);
  });
  const [height, width] = askedSize(options) ?? commonSize(sizes);
  const { color = "auto", fit = "crop" } = options;
  const channels = color === "auto" ? most : color === "grey" ? 1 : 3;
  const shape = [channels, height, width] as const;
  checkMemory(file, { count: pictures.length, shape, options, bytes: 4 });
  const one = channels * height * width;
  const items = sharedFloats(pictures.length * one);
  let done = 0;
  await each((slot, bytes) => {
    const picture = recoloured(decodeFits(bytes), channels);
    items.set(fitted(picture, { size: [height, width], fit }), slot * one);
    options.onProgress?.(++done, pictures.length);
  });
  const skipped = pictures.flatMap(({ name }, slot): readonly Skipped[] =>
    bad.has(slot) ? [{ file: name, reason: bad.get(slot)! }] : [],
  );
  if (skipped.length === pictures.length || (skipped.length > 0 && options.skipBad !== true)) {
    throw badFiles(file, skipped, pictures.length);
  }
  const kept = pictures.filter((_, slot) => !bad.has(slot));
  let to = 0;
  pictures.forEach((_, slot) => {
    if (!bad.has(slot)) items.copyWithin(one * to++, one * slot, one * (slot + 1));
  });
  const all = items.subarray(0, kept.length * one);
  const { unit, notes } = unitOf(all, one);
  for (let at = 0; at < all.length; at += one) {
    const item = all.subarray(at, at + one);
    item.set(stretched(item.map((value) => value / unit)));
  }
  return { shape, items: all, kept, skipped, flux: { unit }, notes };
}

/** Their own size when all have the same and it is small, as other pictures. */
function commonSize(sizes: readonly Size[]): Size {
  const [first] = sizes;
  if (first === undefined) return [64, 64];
  const same = sizes.every(([h, w]) => h === first[0] && w === first[1]);
  return same && Math.max(...first) <= 64 ? first : [64, 64];
}

function recoloured(picture: FitsPicture, channels: number): FitsPicture {
  if (picture.channels === channels) return picture;
  const area = picture.height * picture.width;
  const data = Float32Array.from({ length: channels * area }, (_, i) => {
    if (channels === 3) return picture.data[i % area]!;
    return (picture.data[i]! + picture.data[area + i]! + picture.data[2 * area + i]!) / 3;
  });
  return { ...picture, data, channels };
}

/** Resized as it must be, what is left over cut off or, with `pad`, without light around it. */
function fitted(
  { data, channels, height, width }: FitsPicture,
  { size: [h, w], fit }: { readonly size: Size; readonly fit: "crop" | "pad" },
): Float32Array {
  if (h === height && w === width) return data;
  const ratios = [h / height, w / width];
  const scale = fit === "crop" ? Math.max(...ratios) : Math.min(...ratios);
  const [t, u] = [height, width].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const { values } = matlabBicubic(data, { shape: [channels, height, width], to: [t, u] });
  const out = new Float32Array(channels * h * w);
  const [top, left] = [Math.floor((t - h) / 2), Math.floor((u - w) / 2)];
  for (let c = 0; c < channels; c++) {
    for (let y = Math.max(0, -top); y < Math.min(h, t - top); y++) {
      for (let x = Math.max(0, -left); x < Math.min(w, u - left); x++) {
        out[(c * h + y) * w + x] = values[(c * t + y + top) * u + x + left]!;
      }
    }
  }
  return out;
}

/** Brightest pixels that are as bright as in nanomaggies, and need no other unit. */
const usual = { least: 0.4, most: 40 } as const;

/** In which unit the brightest pixel of a middling picture is as bright as what is shown white. */
export function unitOf(
  items: Float32Array,
  each: number,
): { readonly unit: number; readonly notes: readonly string[] } {
  const brightest: number[] = [];
  for (let at = 0; at < items.length; at += each) {
    brightest.push(items.subarray(at, at + each).reduce((a, b) => Math.max(a, b)));
  }
  brightest.sort((a, b) => a - b);
  const middling = brightest[Math.floor(brightest.length / 2)]!;
  const isUsual = middling >= usual.least && middling <= usual.most;
  const unit = isUsual || !(middling > 0) ? 1 : middling / fluxRange.high;
  const notes = unit === 1 ? [] : [`flux of ${short(middling)} became ${fluxRange.high}`];
  const sky = Float32Array.from(items.subarray(0, each)).sort()[Math.floor(each / 2)]! / unit;
  if (Math.abs(sky) <= fluxRange.high / 10) return { unit, notes };
  return { unit, notes: [...notes, `the sky is not dark (${short(sky * unit)}): subtract it`] };
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
