import type { Numbers } from "./texture-read.js";

/** How often each value is in each channel of what is seen, each pixel as much as it is opaque. */
export class ColorCounts {
  private readonly counts: readonly Float64Array[];
  private readonly channels: number;
  private readonly most: number;
  private weight = 0;

  constructor({ channels, most }: { readonly channels: number; readonly most: number }) {
    this.channels = channels;
    this.most = most;
    this.counts = Array.from({ length: channels }, () => new Float64Array(most + 1));
  }

  /** Colours `[n c]` and their alpha `[n]`. */
  add(color: Numbers, alpha: Numbers | undefined): void {
    const { channels, counts } = this;
    const pixels = color.length / channels;
    for (let i = 0; i < pixels; i++) {
      const weight = alpha === undefined ? this.most : alpha[i]!;
      if (weight === 0) continue;
      this.weight += weight;
      for (let c = 0; c < channels; c++) counts[c]![color[i * channels + c]!]! += weight;
    }
  }

  /** The mean of each channel, or nothing where nothing is seen. */
  means(): readonly number[] | undefined {
    if (this.weight === 0) return undefined;
    return this.counts.map((_, c) => this.shifted(c, 0));
  }

  /**
   * What every value of each channel becomes so that its mean is the one wanted, to half a level:
   * shifted by as many levels as that takes, with what would leave the range at its end.
   */
  toward(wanted: readonly number[] | undefined): readonly Numbers[] {
    const { most } = this;
    const Kind = most === 255 ? Uint8Array : Uint16Array;
    const isFree = wanted === undefined || this.weight === 0;
    return this.counts.map((_, c) => {
      const shift = isFree ? 0 : this.shiftTo(c, wanted[c]!);
      return new Kind(most + 1).map((_, v) => Math.max(0, Math.min(most, v + shift)));
    });
  }

  private shiftTo(channel: number, wanted: number): number {
    let low = -this.most;
    let high = this.most;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.shifted(channel, middle) <= wanted) low = middle;
      else high = middle;
    }
    const far = (shift: number): number => Math.abs(this.shifted(channel, shift) - wanted);
    // None at all where that is as good.
    return [0, low, high].reduce((best, shift) => (far(shift) < far(best) ? shift : best));
  }

  private shifted(channel: number, shift: number): number {
    const counts = this.counts[channel]!;
    let sum = 0;
    for (let v = 0; v <= this.most; v++) {
      if (counts[v] !== 0) sum += counts[v]! * Math.max(0, Math.min(this.most, v + shift));
    }
    return sum / this.weight;
  }
}
