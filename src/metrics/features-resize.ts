/**
 * How pictures are brought to the size that a network takes. `bicubic` and `bilinear` are those of
 * Pillow: smoothed where pictures shrink, as clean-fid demands (Parmar, Zhang & Zhu 2022, "On
 * aliased resizing and surprising subtleties in GAN evaluation"). `bilinear-tf1` is that of the
 * original Inception graph: corners aligned at zero, never smoothed.
 */
export const resizeFilters = ["bicubic", "bilinear", "bilinear-tf1"] as const;
/** The name of a way to bring pictures to another size. */
export type ResizeFilter = (typeof resizeFilters)[number];

/** What each filter is called in a protocol. */
export const filterNames: Readonly<Record<ResizeFilter, string>> = {
  bicubic: "antialiased bicubic (as clean-fid)",
  bilinear: "antialiased bilinear",
  "bilinear-tf1": "bilinear as in TensorFlow 1",
};

/** For each new place, the first old place that counts and the weights from there on. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

/** Keys 1981 with a = −½, as Pillow has it. */
function cubic(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

const tent = (x: number): number => Math.max(0, 1 - Math.abs(x));

function taps(filter: ResizeFilter, from: number, to: number): Taps {
  const first = new Int32Array(to);
  const weights = Array.from({ length: to }, (_, i) => {
    if (filter === "bilinear-tf1") {
      const place = (i * from) / to;
      const low = Math.floor(place);
      first[i] = low;
      return low + 1 < from ? Float64Array.of(1 - place + low, place - low) : Float64Array.of(1);
    }
    const [kernel, reach] = filter === "bicubic" ? ([cubic, 2] as const) : ([tent, 1] as const);
    const scale = from / to;
    const spread = Math.max(scale, 1);
    const centre = (i + 0.5) * scale;
    const low = Math.max(0, Math.floor(centre - reach * spread + 0.5));
    const high = Math.min(from, Math.floor(centre + reach * spread + 0.5));
    first[i] = low;
    const row = Float64Array.from({ length: high - low }, (_, k) =>
      kernel((low + k - centre + 0.5) / spread),
    );
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((v) => v / total);
  });
  return { first, weights };
}

/** Brings one plane `[h w]` to `[t u]`, rows first. */
export type Resize = (plane: Float32Array) => Float32Array;

/** A function for planes of one size; the array that it gives back is its own and used again. */
export function resizing(
  filter: ResizeFilter,
  [h, w]: readonly [number, number],
  [t, u]: readonly [number, number],
): Resize {
  const [across, down] = [taps(filter, w, u), taps(filter, h, t)];
  const wide = new Float32Array(h * u);
  const out = new Float32Array(t * u);
  return (plane) => {
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < u; x++) {
        const row = across.weights[x]!;
        const from = y * w + across.first[x]!;
        let total = 0;
        for (let k = 0; k < row.length; k++) total += row[k]! * plane[from + k]!;
        wide[y * u + x] = total;
      }
    }
    for (let y = 0; y < t; y++) {
      const column = down.weights[y]!;
      const from = down.first[y]! * u;
      for (let x = 0; x < u; x++) {
        let total = 0;
        for (let k = 0; k < column.length; k++) total += column[k]! * wide[from + k * u + x]!;
        out[y * u + x] = total;
      }
    }
    return out;
  };
}
