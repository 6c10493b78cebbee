import type { MadeRows, PictureRows } from "./picture.js";

/** Numbers from 0 to 1, one channel after the other: `[c h w]`. */
export interface Planes {
  /** 1 for grey, 3 for colours. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** How a picture is made larger. */
export interface UpscaleOptions {
  /** Whether the picture goes on at its other side, as a seamless texture does; mirrored otherwise. */
  readonly wrap?: boolean;
  /** Is told the share that is done, after every tile. */
  readonly progress?: (share: number) => void;
}

/** Makes pictures larger: a network, or a kernel of old. It cuts them into tiles by itself. */
export interface Upscaler {
  /** How many times as wide and as high its pictures are. */
  readonly scale: number;
  /** What it is, for people. */
  readonly about: string;
  /** Pixels on each side of a pixel that what it becomes depends on, as far as it can be seen. */
  readonly margin: number;
  /** Side of the largest tile that it works on at once, margins included, in pixels. */
  readonly tile: number;
  /** `[c h w] → [c sh sw]`, not cut to 0 … 1. */
  upscale(picture: Planes, options?: UpscaleOptions): Promise<Planes>;
  /**
   * The same for pictures of any size: reads the rows that it needs, and hands over the rows that
   * are ready, from the top to the bottom. No more than a row of tiles is ever in memory.
   */
  upscaleRows(
    picture: PictureRows,
    options: UpscaleOptions & { readonly write: (rows: MadeRows) => void | Promise<void> },
  ): Promise<void>;
  release(): Promise<void>;
}
