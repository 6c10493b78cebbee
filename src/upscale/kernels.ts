/** Kernels that pictures are resized with, as functions of the distance in pixels. */
export type KernelName = "bicubic" | "lanczos";

interface Kernel {
  /** Beyond this distance it is 0. */
  readonly reach: number;
  readonly at: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Keys 1981 with a = −1/2, as MATLAB and PIL have it; Lanczos of three lobes. */
const kernels: Readonly<Record<KernelName, Kernel>> = {
  bicubic: {
    reach: 2,
    at: (x) => {
      const d = Math.abs(x);
      if (d >= 2) return 0;
      return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2;
    },
  },
  lanczos: { reach: 3, at: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** What of one side of a picture each pixel of the new side is made of. */
export interface Taps {
  /** So many for each pixel. */
  readonly count: number;
  /** Places in the old side, `[to count]`. */
  readonly places: Int32Array;
  /** How much of each, `[to count]`; they add up to 1. */
  readonly weights: Float32Array;
}

/**
 * The taps from one length to another. A kernel is stretched where the side shrinks, as MATLAB's
 * `imresize` and PIL do; outside, the side goes on at its other end or is mirrored.
 */
export function tapsFor({
  from,
  to,
  kernel: name,
  wraps,
}: {
  readonly from: number;
  readonly to: number;
  readonly kernel: KernelName;
  readonly wraps: boolean;
}): Taps {
  const { reach, at } = kernels[name];
  const stretch = Math.max(1, from / to);
  const count = from === to ? 1 : Math.ceil(2 * reach * stretch) + 1;
  const places = new Int32Array(to * count);
  const weights = new Float32Array(to * count);
  for (let i = 0; i < to; i++) {
    const middle = ((i + 0.5) * from) / to - 0.5;
    const first = from === to ? i : Math.ceil(middle - reach * stretch);
    let sum = 0;
    for (let k = 0; k < count; k++) sum += at((first + k - middle) / stretch);
    for (let k = 0; k < count; k++) {
      places[i * count + k] = within(first + k, from, wraps);
      weights[i * count + k] = at((first + k - middle) / stretch) / sum;
    }
  }
  return { count, places, weights };
}

/** A place that may lie outside as one inside: at the other end, or mirrored. */
export function within(place: number, size: number, wraps: boolean): number {
  if (wraps) return ((place % size) + size) % size;
  const turned = ((place % (2 * size)) + 2 * size) % (2 * size);
  return turned < size ? turned : 2 * size - 1 - turned;
}
