/** Parts of a mask that hang together. */
export interface Components {
  /** How many there are. */
  readonly count: number;
  /** 0 outside of the mask, the number of its component from 1 on within: `[h w]`, row by row. */
  readonly labels: Int32Array;
  /** Pixels of each, the first first. */
  readonly sizes: readonly number[];
  /** Whether each reaches the rim of the picture. */
  readonly atRim: readonly boolean[];
}

/** The size of a mask, and which pixels are neighbours. */
export interface ComponentsOptions {
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
  /** With 4, pixels that meet in a corner alone do not hang together; with 8 they do. */
  readonly neighbours?: 4 | 8;
}

/**
 * The connected components of a mask `[h w]`, row by row, true where it is not 0; numbered as they
 * are met from the top left.
 *
 * @example
 * const { count, sizes } = components([1, 0, 0, 1, 0, 1], { height: 2, width: 3, neighbours: 4 });
 * count; // → 2
 * sizes; // → [2,1]
 */
export function components(
  mask: ArrayLike<number>,
  { height, width, neighbours = 8 }: ComponentsOptions,
): Components {
  const labels = new Int32Array(height * width);
  const sizes: number[] = [];
  const atRim: boolean[] = [];
  const reach = neighbours === 8 ? eight : four;
  const open: number[] = [];
  for (let start = 0; start < height * width; start++) {
    if (!mask[start] || labels[start] !== 0) continue;
    const number = sizes.length + 1;
    let [size, rim] = [0, false];
    labels[start] = number;
    open.push(start);
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const [x, y] = [place % width, Math.floor(place / width)];
      size++;
      rim ||= x === 0 || y === 0 || x === width - 1 || y === height - 1;
      for (const [dx, dy] of reach) {
        const [u, v] = [x + dx, y + dy];
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        const next = v * width + u;
        if (!mask[next] || labels[next] !== 0) continue;
        labels[next] = number;
        open.push(next);
      }
    }
    sizes.push(size);
    atRim.push(rim);
  }
  return { count: sizes.length, labels, sizes, atRim };
}

const four = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

const eight = [...four, [1, 1], [1, -1], [-1, 1], [-1, -1]] as const;

/**
 * Holes of a mask `[h w]`: parts of what is outside of it that do not reach the rim, where the mask
 * hangs together over corners and what is outside of it does not.
 *
 * @example
 * holesIn([1, 1, 1, 1, 0, 1, 1, 1, 1], { height: 3, width: 3 }); // → 1
 */
export function holesIn(
  mask: ArrayLike<number>,
  { height, width }: Pick<ComponentsOptions, "height" | "width">,
): number {
  const outside = Uint8Array.from(mask, (inside) => (inside ? 0 : 1));
  const { atRim } = components(outside, { height, width, neighbours: 4 });
  return atRim.filter((rim) => !rim).length;
}
