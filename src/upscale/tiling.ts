/** How a picture goes on beyond its edges. */
export type Beyond = "mirror" | "repeat" | "wrap";

/** One axis of a picture, cut into spans of one length that overlap. */
export interface Tiling {
  /** Pixels of a span, its margins not counted. */
  readonly span: number;
  /** Where each span begins; the last may go beyond the picture. */
  readonly starts: readonly number[];
}

/** What a tiling has to respect. */
export interface TilingOptions {
  /** Pixels of the axis. */
  readonly length: number;
  /** Pixels of a span at most. */
  readonly most: number;
  /** Pixels that neighbours share. */
  readonly fade: number;
  /** Spans, starts and what is shared are multiples of it. */
  readonly multiple: number;
  /** Whether every span has `most` pixels. */
  readonly fixed: boolean;
}

/** As few spans as cover an axis, as short as they may be. */
export function tilingOf({ length, most, fade, multiple, fixed }: TilingOptions): Tiling {
  const count = length <= most ? 1 : Math.ceil((length - fade) / (most - fade));
  const least = Math.ceil((length + (count - 1) * fade) / count);
  // Pictures of nearly one size share their shape of tiles, which is compiled once.
  const step = Math.max(multiple, 8);
  const span = fixed ? most : Math.min(most, Math.ceil(least / step) * step);
  return { span, starts: Array.from({ length: count }, (_, i) => i * (span - fade)) };
}

/** Which pixel stands at a place that may lie beyond the `length` pixels of an axis. */
export function placeAt(place: number, length: number, beyond: Beyond): number {
  const modulo = (n: number): number => ((place % n) + n) % n;
  if (beyond === "wrap") return modulo(length);
  // … 2 1 | 0 1 2 3 | 2 1 …, or … 1 0 | 0 1 2 3 | 3 2 …
  const period = beyond === "mirror" ? Math.max(1, 2 * length - 2) : 2 * length;
  const inside = modulo(period);
  return inside < length ? inside : period - inside - (beyond === "mirror" ? 0 : 1);
}

/**
 * How much of a picture comes from a span, place by place: it rises while the span before it fades
 * and falls while the one after it begins.
 */
export function sharesOf({
  size,
  fade,
  first,
  last,
}: {
  readonly size: number;
  readonly fade: number;
  readonly first: boolean;
  readonly last: boolean;
}): Float32Array {
  const shares = new Float32Array(size).fill(1);
  for (let i = 0; i < fade; i++) {
    const risen = (i + 0.5) / fade;
    if (!first) shares[i]! *= risen;
    if (!last) shares[size - 1 - i]! *= risen;
  }
  return shares;
}
