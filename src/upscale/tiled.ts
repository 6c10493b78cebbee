import { BelamyError } from "../shape/error.js";
import type { TileModel } from "./model.js";
import { type Pass, passesOf } from "./passes.js";
import { type MadeRows, type PictureRows, pictureFor, rowsOf } from "./picture.js";
import { type Beyond, placeAt, sharesOf, type Tiling, tilingOf } from "./tiling.js";
import type { UpscaleOptions, Upscaler } from "./upscaler.js";

/** Rows that are handed over at once. */
const handed = 64;

/** A model of tiles as something that makes whole pictures larger; `tile` is a side, margins included. */
export function tiled(model: TileModel, tile = model.tile): Upscaler {
  let before: Promise<unknown> = Promise.resolve();
  /** One picture after another: a model keeps few sessions. */
  const alone = (job: () => Promise<void>): Promise<void> => {
    const next = before.then(job, job);
    before = next;
    return next;
  };
  const { scale, about, margin } = model;
  return {
    ...{ scale, about, margin, tile },
    async upscale(picture, options = {}) {
      const { channels } = passesOf(model, picture.channels);
      const made = pictureFor(channels, picture.height * scale, picture.width * scale);
      const { write } = made;
      await alone(() => byRows(model, rowsOf(picture), { tile, write, ...options }));
      return made.picture;
    },
    upscaleRows: (picture, options) => alone(() => byRows(model, picture, { tile, ...options })),
    release: () => alone(() => model.release()),
  };
}

async function byRows(
  model: TileModel,
  picture: PictureRows,
  {
    wrap = false,
    tile,
    progress,
    write,
  }: UpscaleOptions & {
    readonly tile: number;
    readonly write: (rows: MadeRows) => void | Promise<void>;
  },
): Promise<void> {
  const { passes, channels } = passesOf(model, picture.channels);
  const cut = new Cut(model, picture, { wrap, tile });
  const { scale, about } = model;
  const [height, width] = [picture.height * scale, picture.width * scale];
  const fade = cut.fade * scale;
  const { starts, span } = cut.down;
  const total = starts.length * cut.across.starts.length;
  let kept: Float32Array | undefined;
  for (const [i, start] of starts.entries()) {
    const band = await cut.band(start);
    const made = new Band(channels, span * scale, width);
    for (const [j, left] of cut.across.starts.entries()) {
      for (const pass of passes) {
        const values = await model.run(cut.tile(band, left, pass), cut.size);
        checkFinite(values, { about, left, top: start });
        made.add(values, { cut, scale, tile: j, pass });
      }
      progress?.((i * cut.across.starts.length + j + 1) / total);
    }
    if (kept !== undefined) made.fadeIn(kept, fade);
    const last = i === starts.length - 1;
    const ready = last ? height - start * scale : made.rows - fade;
    for (let from = 0; from < ready; from += handed) {
      const count = Math.min(handed, ready - from);
      const data = made.take(from, count);
      await write({ channels, height, width, from: start * scale + from, count, data });
    }
    kept = last ? undefined : made.take(ready, fade);
  }
}

/** Networks in half precision overflow; a black tile would tell nobody. */
function checkFinite(
  values: Float32Array,
  { about, left, top }: { readonly about: string; readonly left: number; readonly top: number },
): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new BelamyError({
      op: "upscale",
      why: `the model made ${values[i]} of the tile at ${left}, ${top}`,
      operands: [{ label: "model", value: about }],
    });
  }
}

/** Where a picture is cut, and how tiles are taken from it. */
class Cut {
  readonly down: Tiling;
  readonly across: Tiling;
  /** Height and width of what the model is given. */
  readonly size: readonly [number, number];
  readonly fade: number;
  private readonly picture: PictureRows;
  private readonly beyond: Beyond;
  private readonly margin: number;

  constructor(
    model: TileModel,
    picture: PictureRows,
    { wrap, tile }: { readonly wrap: boolean; readonly tile: number },
  ) {
    const { multiple, size } = model;
    const up = (n: number): number => Math.ceil(n / multiple) * multiple;
    const [margin, fade] = [up(model.margin), up(model.fade)];
    const tiling = (length: number, fixed: number | undefined): Tiling => {
      const most = (fixed ?? multiple * Math.floor(tile / multiple)) - 2 * margin;
      return tilingOf({ length, most, fade, multiple, fixed: fixed !== undefined });
    };
    this.down = tiling(picture.height, size?.[0]);
    this.across = tiling(picture.width, size?.[1]);
    this.size = [this.down.span + 2 * margin, this.across.span + 2 * margin];
    this.fade = fade;
    this.margin = margin;
    this.picture = picture;
    this.beyond = wrap ? "wrap" : model.edge;
  }

  /** All rows that a row of tiles sees: `[channels span+margins width]`. */
  async band(start: number): Promise<Float32Array> {
    const { channels, height, width } = this.picture;
    const [rows] = this.size;
    const places = Array.from({ length: rows }, (_, y) =>
      placeAt(start - this.margin + y, height, this.beyond),
    );
    const band = new Float32Array(channels * rows * width);
    for (let y = 0; y < rows; ) {
      let count = 1;
      while (places[y + count] === places[y]! + count) count++;
      const read = await this.picture.read(places[y]!, count);
      for (let c = 0; c < channels; c++) {
        const part = read.subarray(c * count * width, (c + 1) * count * width);
        band.set(part, (c * rows + y) * width);
      }
      y += count;
    }
    return band;
  }

  /** What the model is given: `[inputs h w]`. */
  tile(band: Float32Array, left: number, { reads }: Pass): Float32Array {
    const { width } = this.picture;
    const [h, w] = this.size;
    const columns = Int32Array.from({ length: w }, (_, x) =>
      placeAt(left - this.margin + x, width, this.beyond),
    );
    const tile = new Float32Array(reads.length * h * w);
    let at = 0;
    for (const c of reads) {
      for (let y = 0; y < h; y++) {
        const row = (c * h + y) * width;
        for (let x = 0; x < w; x++) tile[at++] = band[row + columns[x]!]!;
      }
    }
    return tile;
  }

  /** Pixels that are thrown away at the top and on the left of what the model makes. */
  outside(scale: number): number {
    return this.margin * scale;
  }
}

/** A row of tiles as they are put together: `[channels rows width]`. */
class Band {
  readonly rows: number;
  private readonly channels: number;
  private readonly width: number;
  private readonly data: Float32Array;

  constructor(channels: number, rows: number, width: number) {
    this.channels = channels;
    this.rows = rows;
    this.width = width;
    this.data = new Float32Array(channels * rows * width);
  }

  /** Adds what the model made of a tile, in the share that is the tile's. */
  add(
    values: Float32Array,
    {
      cut,
      scale,
      tile,
      pass,
    }: {
      readonly cut: Cut;
      readonly scale: number;
      readonly tile: number;
      readonly pass: Pass;
    },
  ): void {
    const { span, starts } = cut.across;
    const [h, w] = [cut.size[0] * scale, cut.size[1] * scale];
    const left = starts[tile]! * scale;
    const count = Math.min(span * scale, this.width - left);
    const [first, last] = [tile === 0, tile === starts.length - 1];
    const shares = sharesOf({ size: span * scale, fade: cut.fade * scale, first, last });
    const outside = cut.outside(scale);
    pass.writes.forEach(({ channel, share }, c) => {
      for (let y = 0; y < this.rows; y++) {
        const from = (c * h + outside + y) * w + outside;
        const to = (channel * this.rows + y) * this.width + left;
        for (let x = 0; x < count; x++) {
          this.data[to + x]! += share * shares[x]! * values[from + x]!;
        }
      }
    });
  }

  /** Turns the last rows of the band before into the first ones of this. */
  fadeIn(before: Float32Array, fade: number): void {
    for (let c = 0; c < this.channels; c++) {
      for (let y = 0; y < fade; y++) {
        const risen = (y + 0.5) / fade;
        const [own, other] = [(c * this.rows + y) * this.width, (c * fade + y) * this.width];
        for (let x = 0; x < this.width; x++) {
          this.data[own + x] = risen * this.data[own + x]! + (1 - risen) * before[other + x]!;
        }
      }
    }
  }

  /** A copy of some rows: `[channels count width]`. */
  take(from: number, count: number): Float32Array {
    const rows = new Float32Array(this.channels * count * this.width);
    for (let c = 0; c < this.channels; c++) {
      const start = (c * this.rows + from) * this.width;
      rows.set(this.data.subarray(start, start + count * this.width), c * count * this.width);
    }
    return rows;
  }
}
