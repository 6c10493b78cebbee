import { join } from "node:path";
import { alphaLayers, alphaRow } from "./alpha.js";
import { bled } from "./bleed.js";
import { breathe } from "./breathe.js";
import { ColorCounts } from "./colour-mean.js";
import { Consistency } from "./consistency.js";
import { largerRows } from "./larger-rows.js";
import { renormalize } from "./normal-map.js";
import { mostColors, Nearest, type Palette, PaletteMaker, paletteOf } from "./palette.js";
import { RowScaler } from "./row-scaler.js";
import { type RowSink, sinkFor } from "./row-sink.js";
import { SeamMeter, type SeamSteps, stepsOf } from "./seam.js";
import { Spool } from "./spool.js";
import type { TexturePlan, TextureSettings } from "./texture-plan.js";
import type { GamePicture, Numbers } from "./texture-read.js";

/** What was measured while a texture was made larger. */
export interface TextureFacts {
  /**
   * How near the result comes to the source when it is made as small again: PSNR of its visible
   * colours in dB, `exact`, or nothing where nothing is visible or the result is smaller.
   */
  readonly consistency: number | "exact" | undefined;
  /** Mean of each channel of what is visible, in levels of 255, of the source and of the result. */
  readonly mean: readonly [source: readonly number[], result: readonly number[]] | undefined;
  /** Steps at the edges and inside, of the source and of the result. */
  readonly seams: Readonly<Record<"x" | "y", readonly [source: SeamSteps, result: SeamSteps]>>;
  /** Colours of its palette. */
  readonly colors?: number;
}

export interface TextureJob {
  readonly settings: TextureSettings;
  /** The file to write. */
  readonly path: string;
  /** A folder for what does not fit into memory meanwhile. */
  readonly work: string;
  readonly progress?: (share: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How much of the work on a texture is to make its colours larger; the rest is to write it. */
const colorShare = 0.9;

/** Makes one picture larger as planned and writes it; in memory is a part of it at a time. */
export async function upscaleTexture(
  picture: GamePicture,
  plan: TexturePlan,
  job: TextureJob,
): Promise<TextureFacts> {
  const [rows, width] = plan.to;
  const { channels, most } = plan;
  const color = new Spool({ rows, width: width * channels, most, path: join(job.work, "color") });
  const alpha = picture.alpha
    ? new Spool({ rows, width, most, path: join(job.work, "alpha") })
    : undefined;
  try {
    if (alpha) await spoolAlpha(picture, plan, { ...job, spool: alpha });
    const progress = (share: number): void => job.progress?.(colorShare * share);
    const counts = await spoolColor(picture, plan, { ...job, spool: color, alpha, progress });
    return await writeRows(picture, plan, { ...job, color, alpha, counts });
  } finally {
    color.close();
    alpha?.close();
  }
}

/** Alpha by itself, at its final size. */
async function spoolAlpha(
  { alpha, width, height, most: sourceMost }: GamePicture,
  plan: TexturePlan,
  { settings, spool, signal }: TextureJob & { readonly spool: Spool },
): Promise<void> {
  const { states } = plan.alpha;
  const scale = plan.most / sourceMost;
  const layered = alphaLayers(alpha!, { states, most: sourceMost }); // there is some
  const { data, layers, most } = layered;
  const out = plan.most === 255 ? new Uint8Array(plan.to[1]) : new Uint16Array(plan.to[1]);
  const take = (y: number, row: Float32Array): void => {
    const scaled = states.map((state) => Math.round(state * scale));
    alphaRow(row, { states: scaled, most: plan.most, out });
    spool.write(y, out);
  };
  const source = { data, width, height, channels: layers, most };
  // Where three states are is nothing that a network has seen.
  if (settings.alpha === "model" && layers === 1) {
    await largerRows(source, { ...plan, upscaler: settings.upscaler, take, signal });
    return;
  }
  // Bicubic has one lobe below zero: beyond it, what is clear and what is solid stay so.
  const scaler = new RowScaler({
    ...{ from: plan.from, to: plan.to, channels: layers },
    ...{ kernel: "bicubic", wraps: plan.seamless, use: take },
  });
  const row = new Float32Array(width * layers);
  for (let y = 0; y < height; y++) {
    await breathe(y, signal);
    for (let i = 0; i < row.length; i++) row[i] = data[y * row.length + i]! / most;
    scaler.push(row);
  }
}

/** Colours at their final size, counted as much as they are visible. */
async function spoolColor(
  picture: GamePicture,
  plan: TexturePlan,
  {
    settings,
    spool,
    alpha,
    progress,
    signal,
  }: TextureJob & { readonly spool: Spool; readonly alpha: Spool | undefined },
): Promise<ColorCounts> {
  const { channels, most } = plan;
  const counts = new ColorCounts({ channels, most });
  const length = plan.to[1] * channels;
  const out = most === 255 ? new Uint8Array(length) : new Uint16Array(length);
  const data = plan.normalMap ? picture.color : bled(picture, plan.seamless);
  const take = (y: number, row: Float32Array): void => {
    if (plan.normalMap) renormalize(row);
    for (let i = 0; i < length; i++) out[i] = Math.round(Math.max(0, Math.min(1, row[i]!)) * most);
    counts.add(out, alpha?.read(y));
    spool.write(y, out);
  };
  const { upscaler } = settings;
  await largerRows({ ...picture, data }, { ...plan, upscaler, take, progress, signal });
  return counts;
}

interface Writing extends TextureJob {
  readonly color: Spool;
  readonly alpha: Spool | undefined;
  readonly counts: ColorCounts;
}

/** The result row by row, with the source's mean, and what is to know of it. */
async function writeRows(
  picture: GamePicture,
  plan: TexturePlan,
  { path, color, alpha, counts, progress, signal }: Writing,
): Promise<TextureFacts> {
  const { channels, most, to } = plan;
  const wanted = meansOf(picture);
  const inPlan = wanted?.map((mean) => (mean * most) / 255);
  const tables = counts.toward(plan.normalMap ? undefined : inPlan);
  const finish = (row: Numbers): Numbers => {
    for (let i = 0; i < row.length; i++) row[i] = tables[i % channels]![row[i]!]!;
    return row;
  };
  const rowAt = (y: number) => ({ color: finish(color.read(y).slice()), alpha: alpha?.read(y) });
  const palette = await choosePalette(picture, plan, { rowAt, signal });
  const result = new ColorCounts({ channels, most });
  const meter = new SeamMeter({ width: to[1], height: to[0], channels, most });
  const consistency = new Consistency(picture, plan);
  const sink = sinkFor(path, plan.format, {
    ...{ width: to[1], height: to[0], most, palette, mipmaps: plan.mipmaps },
    channels: withAlpha(channels, alpha !== undefined),
    ...{ srgb: picture.dds?.srgb, lossless: picture.format !== "webp" || picture.lossless },
  });
  const nearest = palette && new Nearest(palette);
  const places = new Uint8Array(to[1]);
  try {
    for (let y = 0; y < to[0]; y++) {
      await breathe(y, signal);
      if (y % 64 === 0) progress?.(colorShare + ((1 - colorShare) * y) / to[0]);
      const row = rowAt(y);
      if (nearest && palette) {
        nearest.row(row.color, { alpha: row.alpha, channels, out: places });
        spread(places, { palette, channels, ...row });
      }
      result.add(row.color, row.alpha);
      meter.push(row.color, row.alpha);
      consistency.push(row.color);
      await sink.write(nearest ? places : woven(row.color, row.alpha, channels));
    }
    await sink.finish();
  } catch (error) {
    letGo(sink);
    throw error;
  }
  const means = result.means()?.map((mean) => (mean * 255) / most);
  const [before, after] = [stepsOf(picture), meter.result()];
  return {
    consistency: consistency.result(),
    mean: wanted && means && [wanted, means],
    seams: { x: [before.x, after.x], y: [before.y, after.y] },
    ...(palette ? { colors: palette.alphas.length } : {}),
  };
}

/** What failed may have let go already. */
function letGo(sink: RowSink): void {
  try {
    sink.abandon();
  } catch {
    // It had.
  }
}

/** Means of a picture's visible colours in levels of 255. */
function meansOf(picture: GamePicture): readonly number[] | undefined {
  const counts = new ColorCounts(picture);
  counts.add(picture.color, picture.alpha);
  return counts.means()?.map((mean) => (mean * 255) / picture.most);
}

const withAlpha = (channels: 1 | 3, has: boolean): 1 | 2 | 3 | 4 =>
  channels === 1 ? (has ? 2 : 1) : has ? 4 : 3;

/** The source's palette when it has one and that is wanted, otherwise one of the result's colours. */
async function choosePalette(
  picture: GamePicture,
  plan: TexturePlan,
  {
    rowAt,
    signal,
  }: {
    readonly rowAt: (y: number) => {
      readonly color: Numbers;
      readonly alpha: Numbers | undefined;
    };
    readonly signal: AbortSignal | undefined;
  },
): Promise<Palette | undefined> {
  if (plan.palette === undefined) return undefined;
  const own = plan.palette === "keep" ? paletteOf(picture) : undefined;
  if (own) return own;
  const maker = new PaletteMaker();
  for (let y = 0; y < plan.to[0]; y++) {
    await breathe(y, signal);
    const { color, alpha } = rowAt(y);
    maker.add(color, { alpha, channels: plan.channels });
  }
  return maker.choose(plan.palette === "keep" ? mostColors : plan.palette);
}

/** Writes the colours of places in a palette over those that they stand for. */
function spread(
  places: Uint8Array,
  {
    palette,
    channels,
    color,
    alpha,
  }: {
    readonly palette: Palette;
    readonly channels: number;
    readonly color: Numbers;
    readonly alpha: Numbers | undefined;
  },
): void {
  for (let x = 0; x < places.length; x++) {
    for (let c = 0; c < channels; c++) {
      color[x * channels + c] = palette.colors[3 * places[x]! + c]!;
    }
    if (alpha) alpha[x] = palette.alphas[places[x]!]!;
  }
}

/** Colours and alpha as one row. */
function woven(color: Numbers, alpha: Numbers | undefined, channels: number): Numbers {
  if (!alpha) return color;
  const each = channels + 1;
  const out =
    color instanceof Uint8Array
      ? new Uint8Array(alpha.length * each)
      : new Uint16Array(alpha.length * each);
  for (let x = 0; x < alpha.length; x++) {
    for (let c = 0; c < channels; c++) out[x * each + c] = color[x * channels + c]!;
    out[x * each + channels] = alpha[x]!;
  }
  return out;
}
