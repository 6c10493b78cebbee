/** Pixels `[h w 4]`, rows from the top. */
export interface Level {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** How many levels there are down to a single pixel. */
export const levelCount = ({ width, height }: Omit<Level, "data">): number =>
  1 + Math.floor(Math.log2(Math.max(width, height)));

/** A picture and its smaller ones, each half of the last, to a single pixel. */
export function* mipMaps(
  picture: Level,
  { srgb }: { readonly srgb: boolean },
): Generator<Level, void> {
  let level = picture;
  for (;;) {
    yield level;
    if (level.width === 1 && level.height === 1) return;
    level = half(level, srgb);
  }
}

/** Which pixels of a side of `size` each of `count` covers, and how much of each. */
export function covered(size: number, count: number): readonly (readonly [number, number])[][] {
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [(i * size) / count, ((i + 1) * size) / count];
    const parts: (readonly [number, number])[] = [];
    for (let at = Math.floor(from); at < to; at++) {
      const share = Math.min(to, at + 1) - Math.max(from, at);
      if (share > 1e-9) parts.push([at, share]);
    }
    return parts;
  });
}

/** IEC 61966-2-1: what light each byte of sRGB is. */
const light = Float64Array.from({ length: 256 }, (_, i) => {
  const value = i / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

const toSrgb = (value: number): number =>
  255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);

function half({ data, width, height }: Level, srgb: boolean): Level {
  const [w, h] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const columns = covered(width, w);
  const rows = covered(height, h);
  const out = new Uint8Array(w * h * 4);
  const rowAt = (row: number) => data.subarray(4 * row * width, 4 * (row + 1) * width);
  for (let y = 0; y < h; y++) {
    halfRow(out.subarray(4 * y * w, 4 * (y + 1) * w), { rows: rows[y]!, columns, rowAt, srgb });
  }
  return { data: out, width: w, height: h };
}

/** What each of a side's pixels covers of another's. */
type Covered = ReturnType<typeof covered>;

/**
 * A row of the mean of the area under each pixel, whatever the size: colours count as much as they
 * are opaque, so that none is drawn in from under holes, and as light where the numbers are sRGB.
 */
export function halfRow(
  out: Uint8Array,
  {
    rows,
    columns,
    rowAt,
    srgb,
  }: {
    readonly rows: Covered[number];
    readonly columns: Covered;
    readonly rowAt: (row: number) => Uint8Array;
    readonly srgb: boolean;
  },
): void {
  const seen = new Float64Array(3);
  const plain = new Float64Array(3);
  const parts = rows.map(([row, tall]) => [rowAt(row), tall] as const);
  for (let x = 0; x < columns.length; x++) {
    let area = 0;
    let alpha = 0;
    seen.fill(0);
    plain.fill(0);
    for (const [data, tall] of parts) {
      for (const [column, wide] of columns[x]!) {
        const at = 4 * column;
        const share = tall * wide;
        const opaque = share * data[at + 3]!;
        area += share;
        alpha += opaque;
        for (let c = 0; c < 3; c++) {
          const value = srgb ? light[data[at + c]!]! : data[at + c]!;
          seen[c]! += opaque * value;
          plain[c]! += share * value;
        }
      }
    }
    const to = 4 * x;
    for (let c = 0; c < 3; c++) {
      const mean = alpha > 0 ? seen[c]! / alpha : plain[c]! / area;
      out[to + c] = Math.round(srgb ? toSrgb(mean) : mean);
    }
    out[to + 3] = Math.round(alpha / area);
  }
}
