/** Something that makes pictures larger, one tile at a time. */
export interface TileModel {
  /** What it is, in a line: the architecture and the file. */
  readonly about: string;
  /** How many times larger height and width become. */
  readonly scale: number;
  /** Channels of what it reads and of what it makes. */
  readonly inputs: number;
  readonly outputs: number;
  /** Tiles begin at multiples of it, and their sides are multiples of it. */
  readonly multiple: number;
  /** Height and width of every tile, where it takes no others. */
  readonly size: readonly [number, number] | undefined;
  /** Pixels around a tile that matter to it, or as many as are usually enough. */
  readonly margin: number;
  /** Pixels over which a tile turns into its neighbour; 0 where both say the same anyway. */
  readonly fade: number;
  /** Side of a tile, margins included, that suits its memory. */
  readonly tile: number;
  /** How a picture goes on beyond its edges: mirrored in its last pixel, or behind it. */
  readonly edge: "mirror" | "repeat";
  /** `[inputs h w] → [outputs h·scale w·scale]`, 0 … 1. */
  run(tile: Float32Array, size: readonly [number, number]): Promise<Float32Array>;
  /** Lets go of everything that it holds. */
  release(): Promise<void>;
}
