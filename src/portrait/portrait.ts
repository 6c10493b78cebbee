import sharp from "sharp";
import type { System } from "../game/system.js";
import type { Order } from "../serve/maker.js";
import { pngWith, xmpOf } from "../serve/png.js";
import { ConfigurationError } from "../shape/error.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import { openUpscaler } from "../upscale/open.js";
import type { Planes } from "../upscale/upscaler.js";
import { formula, signatureSvg } from "./formula.js";
import { framed, unframed } from "./frame.js";
import { type Canvas, Painter } from "./painter.js";

/** How a portrait is made; everything has a default. */
export interface PortraitOptions {
  /** What the run plays; the zoo's system of that name by default. */
  readonly system?: System;
  /** Rows and columns of latents: 1 and 1. More make a larger canvas, where latents have places. */
  readonly canvas?: Canvas;
  /** The first seed that is looked at: 0. */
  readonly seed?: number;
  /** How many seeds, of which the discriminator chooses one: 64, or 1 where nobody judges. */
  readonly of?: number;
  /** How far from the middle of all latents: 1 is everywhere. */
  readonly truncation?: number;
  /** What enlarges it, as for `openUpscaler`: `bicubic`. */
  readonly model?: string;
  /** About how long the longer side of the picture becomes, in pixels: 1024. */
  readonly pixels?: number;
  /** Whether it is framed: true. */
  readonly frame?: boolean;
  /** What it is signed with; the formula by default, and nothing when empty. */
  readonly signature?: string;
  /** Of the generator's session: 1. */
  readonly threads?: number;
}

/** A portrait, and how it came about. */
export interface Portrait {
  /** A PNG file that says so itself. */
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The seed that was chosen; `belamy serve` has the same picture under it, when the canvas is 1×1. */
  readonly seed: number;
  /** How real the discriminator thinks it is, as a logit. */
  readonly logit: number | undefined;
  /** What was done, one step after another. */
  readonly steps: readonly string[];
}

/**
 * The framed picture of a run: of some seeds the one that its discriminator thinks most real,
 * enlarged, signed in the corner with what the two networks play for, and framed. The same options
 * give the same bytes; the file says that it is synthetic, and how it came about.
 *
 * @throws {ConfigurationError} when the run makes no pictures, or none of that canvas, or judges none.
 *
 * @example
 * const hyper = { ngf: 4, ndf: 4, batch: 4, group: 4 };
 * const portraits = data.portraits({ count: 8, size: 16 });
 * const run = train({ system: zoo["art-dcgan"], data: portraits, hyper, rounds: 1, folder: "artist" });
 * await run.finish();
 * const { steps } = await portrait("artist", { canvas: [2, 1], of: 4, pixels: 80 });
 * steps[0]; // → "canvas of 2 × 1 latents, 20 × 16 pixels"
 */
export async function portrait(folder: string, options: PortraitOptions = {}): Promise<Portrait> {
  const { system, canvas = [1, 1], seed: first = 0, truncation = 1, threads = 1 } = options;
  const painter = await Painter.open(folder, {
    threads,
    ...(system === undefined ? {} : { system }),
  });
  try {
    const { chosen, order, logit, of } = await choose(painter, options, {
      first,
      canvas,
      truncation,
    });
    const { picture, how } = await enlarged(chosen, options);
    const { signature = formula, frame = true } = options;
    const signed = signature === "" ? picture : await sign(picture, signature);
    const { width, height, pixels } = frame ? framed(signed) : unframed(signed);
    const steps = [
      `canvas of ${canvas[0]} × ${canvas[1]} latents, ${chosen.height} × ${chosen.width} pixels`,
      ...(of > 1 ? [`chosen by the discriminator of ${of} seeds from ${first} on`] : []),
      ...how,
      ...(signature === "" ? [] : [`signed ${signature}`]),
      ...(frame ? ["framed"] : []),
    ];
    const xmp = xmpOf(order, painter.provenance, steps);
    const png = await pngWith(xmp, pixels, { width, height, channels: 3 });
    return { png, width, height, seed: order.seed, logit, steps };
  } finally {
    await painter.release();
  }
}

/** Seeds that are looked at together. */
const atOnce = 64;

/** A picture, and what the discriminator thinks of it. */
interface Best {
  readonly order: Order;
  readonly logit: number | undefined;
  readonly shape: Shape;
  readonly item: Float32Array;
}

/** The picture that the discriminator thinks most real, in three channels, 0 … 1. */
async function choose(
  painter: Painter,
  options: PortraitOptions,
  { first, canvas, truncation }: { first: number; canvas: Canvas; truncation: number },
) {
  const of = options.of ?? (painter.judges ? 64 : 1);
  if (of > 1 && !painter.judges) {
    const hint = "leave it out, and name a --seed";
    throw new ConfigurationError({ op: "of", why: "nobody judges in this system", hint });
  }
  let best: Best | undefined;
  // Only the best so far is kept, however many are looked at.
  for (let start = 0; start < of; start += atOnce) {
    const length = Math.min(atOnce, of - start);
    const orders = Array.from(
      { length },
      (_, i): Order => ({ seed: first + start + i, truncation }),
    );
    const { shape, items, logits } = await painter.paint(orders, canvas);
    for (const [i, order] of orders.entries()) {
      const logit = logits?.[i];
      if (best !== undefined && !((logit ?? 0) > (best.logit ?? 0))) continue;
      const each = sizeOf(shape);
      best = { order, logit, shape, item: items.slice(i * each, (i + 1) * each) };
    }
  }
  const { order, logit, shape, item } = best!; // there is one
  const [channels, height, width] = shape as readonly [number, number, number]; // pictures
  const plane = height * width;
  const data = new Float32Array(3 * plane);
  for (let i = 0; i < data.length; i++) {
    const c = Math.min(channels - 1, Math.floor(i / plane));
    data[i] = Math.max(0, Math.min(1, (item[c * plane + (i % plane)]! + 1) / 2));
  }
  const chosen: Planes = { channels: 3, height, width, data };
  return { chosen, order, logit, of };
}

/** By a network when there is one, and on to the wanted size by a kernel. */
async function enlarged(
  picture: Planes,
  { model = "bicubic", pixels = 1024 }: PortraitOptions,
): Promise<{ picture: Planes; how: string[] }> {
  const how: string[] = [];
  let made = picture;
  const isKernel = model === "bicubic" || model === "lanczos";
  for (const source of isKernel ? [model] : [model, "bicubic"]) {
    const scale = Math.round(pixels / Math.max(made.height, made.width));
    const isLast = source === "bicubic" || source === "lanczos";
    if (isLast && scale <= 1) break;
    const upscaler = await openUpscaler(source, isLast ? { scale } : {});
    try {
      made = await upscaler.upscale(made);
      how.push(`enlarged by ${upscaler.about}`);
    } finally {
      await upscaler.release();
    }
  }
  return { picture: { ...made, data: made.data.map((v) => Math.max(0, Math.min(1, v))) }, how };
}

/** Of a picture's width. */
const long = 0.5;
const margin = 0.032;

/** Signs a picture in its lower right corner, with an ink that is seen there. */
async function sign(picture: Planes, text: string): Promise<Planes> {
  const { width, height, data } = picture;
  const [right, bottom] = [Math.round(width * (1 - margin)), Math.round(height - width * margin)];
  const wide = Math.round(width * long);
  let [sum, count] = [0, 0];
  for (let y = Math.max(0, bottom - Math.round(wide * 0.1)); y < bottom; y++) {
    for (let x = right - wide; x < right; x++) {
      const i = y * width + x;
      sum +=
        0.3 * data[i]! + 0.59 * data[width * height + i]! + 0.11 * data[2 * width * height + i]!;
      count++;
    }
  }
  const ink = sum / Math.max(1, count) < 0.4 ? "#d8c08a" : "#2a1c14";
  const svg = signatureSvg(text, { width, height, right, bottom, long: wide, ink });
  const { data: over } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const plane = width * height;
  const signed = data.slice();
  for (let i = 0; i < plane; i++) {
    const share = (0.86 * over[4 * i + 3]!) / 255;
    if (share === 0) continue;
    for (let c = 0; c < 3; c++) {
      const k = c * plane + i;
      signed[k]! += (over[4 * i + c]! / 255 - signed[k]!) * share;
    }
  }
  return { ...picture, data: signed };
}
