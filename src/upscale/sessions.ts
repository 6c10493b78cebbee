import type { Tensor as DeviceTensor, InferenceSession as Session } from "onnxruntime-common";
import { Tensor } from "#ort";
import { type DeviceName, openSession } from "../runtime/device.js";

/** Where sessions run. */
export interface SessionOptions {
  readonly device: DeviceName;
  /** Of a session. */
  readonly threads: number;
}

/** Pixels around a tile that were enough for no step to be seen where tiles meet. */
export const usualMargin = 16;
/** Pixels over which a tile turns into the next. */
export const usualFade = 8;

/** What decides how much memory a tile takes. */
interface TileFacts {
  readonly scale: number;
  /** Side of the squares of pixels that a network works on. */
  readonly square?: number;
  readonly channels?: number;
}

/**
 * The side of a tile, margins included, that a few hundred megabytes are enough for: of 64 channels
 * what is made has 896 pixels a side, and what a network works on 448; of more channels fewer.
 */
export function usualTile({ scale, square = 1, channels = 64 }: TileFacts): number {
  const share = Math.sqrt(Math.min(1, 64 / channels));
  const side = Math.min(896 / scale, 448 * square) * share;
  return Math.max(64, 16 * Math.floor(side / 16));
}

/** Height and width of a tile. */
export type TileSize = readonly [height: number, width: number];

/** Sessions that are kept at once: each has its own copy of all weights. */
const most = 3;

/** A network compiled for every shape of tiles, of which the last few are kept. */
export class TileSessions {
  private readonly model: (size: TileSize) => Uint8Array;
  private readonly options: SessionOptions;
  /** Of all tiles together, in pixels: a session keeps the memory that its runs took. */
  private readonly room: number;
  /** The one used last comes last. */
  private readonly kept = new Map<string, { readonly session: Session; readonly size: TileSize }>();

  constructor(
    model: (size: TileSize) => Uint8Array,
    { tile, ...options }: SessionOptions & { readonly tile: number },
  ) {
    this.model = model;
    this.options = options;
    this.room = tile ** 2;
  }

  /** `x [1 channels h w]` in, `y` out. */
  async run(
    tile: Float32Array,
    { channels, size }: { readonly channels: number; readonly size: TileSize },
  ): Promise<Float32Array> {
    const session = await this.sessionFor(size);
    const x = new Tensor("float32", tile, [1, channels, ...size]) as DeviceTensor; // one of our types
    const { y } = await session.run({ x });
    return y!.data as Float32Array; // as traced
  }

  async release(): Promise<void> {
    for (const { session } of this.kept.values()) await session.release();
    this.kept.clear();
  }

  private async sessionFor(size: TileSize): Promise<Session> {
    const key = size.join();
    const known = this.kept.get(key);
    this.kept.delete(key);
    if (known === undefined) await this.makeRoom(size);
    const session = known?.session ?? (await openSession(this.model(size), this.options));
    this.kept.set(key, { session, size });
    return session;
  }

  /** Before another is opened, so that there is never more. */
  private async makeRoom([h, w]: TileSize): Promise<void> {
    for (const [key, { session }] of [...this.kept]) {
      const used = [...this.kept.values()].reduce((n, { size }) => n + size[0] * size[1], 0);
      if (this.kept.size < most && used + h * w <= this.room) return;
      this.kept.delete(key);
      await session.release();
    }
  }
}
