/** Numbers from 0 to 1, one channel after the other: `[c h w]`. */
export interface Planes {
  /** 1 for grey, 3 for colours. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** Makes pictures larger: a network, or a kernel of old. */
export interface Upscaler {
  /** How many times as wide and as high its pictures are. */
  readonly scale: number;
  /** What it is, for people. */
  readonly about: string;
  /** Pixels on each side of a pixel that what it becomes depends on, as far as it can be seen; 16. */
  readonly margin?: number;
  /** Side of the largest picture that it is best given at once, in pixels; 160. */
  readonly tile?: number;
  /** `[c h w] → [c sh sw]`; `wrap` says that the picture goes on at its other side. */
  upscale(picture: Planes, options?: { readonly wrap?: boolean }): Promise<Planes>;
  release(): Promise<void>;
}
