import { type KernelName, type Taps, tapsFor } from "./kernels.js";

export interface RowScaling {
  readonly from: readonly [height: number, width: number];
  readonly to: readonly [height: number, width: number];
  readonly channels: number;
  readonly kernel: KernelName;
  /** Which sides go on at the other end; mirrored otherwise. */
  readonly wraps: { readonly x: boolean; readonly y: boolean };
  /**
   * Takes each row `[w c]` as soon as it is known: in order, but where rows go on at the other end,
   * those that need the last rows come last. A row is overwritten by the next.
   */
  readonly use: (y: number, row: Float32Array) => void;
}

/** Resizes a picture that comes row by row; holds only the rows that are still needed. */
export class RowScaler {
  private readonly scaling: RowScaling;
  private readonly across: Taps;
  private readonly down: Taps;
  /** Rows `[w c]` of the new width. */
  private readonly held = new Map<number, Float32Array>();
  private readonly free: Float32Array[] = [];
  /** New rows by the old row that completes them. */
  private readonly completed: number[][];
  /** Old rows by the old row after which nobody needs them. */
  private readonly spent: number[][];
  private readonly out: Float32Array;
  private next = 0;

  constructor(scaling: RowScaling) {
    const { from, to, channels, kernel, wraps } = scaling;
    this.scaling = scaling;
    this.across = tapsFor({ from: from[1], to: to[1], kernel, wraps: wraps.x });
    this.down = tapsFor({ from: from[0], to: to[0], kernel, wraps: wraps.y });
    this.out = new Float32Array(to[1] * channels);
    this.completed = Array.from({ length: from[0] }, () => []);
    this.spent = Array.from({ length: from[0] }, () => []);
    const lastUse = new Int32Array(from[0]).map((_, i) => i);
    const { count, places } = this.down;
    for (let y = 0; y < to[0]; y++) {
      const needed = places.subarray(y * count, (y + 1) * count);
      const last = needed.reduce((most, place) => Math.max(most, place), 0);
      this.completed[last]!.push(y);
      for (const place of needed) lastUse[place] = Math.max(lastUse[place]!, last);
    }
    lastUse.forEach((after, i) => {
      this.spent[after]!.push(i);
    });
  }

  /** Takes the next row `[w c]`. */
  push(row: Float32Array): void {
    const { channels, use } = this.scaling;
    const wide = this.free.pop() ?? new Float32Array(this.out.length);
    scaleRow(row, { taps: this.across, channels, out: wide });
    this.held.set(this.next, wide);
    for (const y of this.completed[this.next]!) {
      this.mix(y);
      use(y, this.out);
    }
    for (const old of this.spent[this.next]!) {
      this.free.push(this.held.get(old)!); // held since its turn
      this.held.delete(old);
    }
    this.next++;
  }

  private mix(y: number): void {
    const { out } = this;
    const { count, places, weights } = this.down;
    out.fill(0);
    for (let k = y * count; k < (y + 1) * count; k++) {
      const weight = weights[k]!;
      const row = this.held.get(places[k]!)!; // a new row comes once all that it needs are there
      if (weight !== 0) for (let i = 0; i < out.length; i++) out[i]! += weight * row[i]!;
    }
  }
}

function scaleRow(
  row: Float32Array,
  {
    taps: { count, places, weights },
    channels,
    out,
  }: { readonly taps: Taps; readonly channels: number; readonly out: Float32Array },
): void {
  const width = out.length / channels;
  for (let x = 0; x < width; x++) {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let k = x * count; k < (x + 1) * count; k++) {
        sum += weights[k]! * row[places[k]! * channels + c]!;
      }
      out[x * channels + c] = sum;
    }
  }
}
