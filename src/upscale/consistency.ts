import { RowScaler } from "./row-scaler.js";
import type { TexturePlan } from "./texture-plan.js";
import type { GamePicture, Numbers } from "./texture-read.js";

/** Holds a result that comes row by row, made as small as its source by bicubic, against the source. */
export class Consistency {
  private readonly scaler: RowScaler | undefined;
  private readonly scaled: Float32Array;
  private readonly most: number;
  private squares = 0;
  private weight = 0;

  constructor(
    { color, alpha, channels, most, width, height }: GamePicture,
    plan: Pick<TexturePlan, "to" | "most" | "seamless">,
  ) {
    this.most = plan.most;
    this.scaled = new Float32Array(plan.to[1] * channels);
    if (plan.to[0] < height || plan.to[1] < width) return;
    this.scaler = new RowScaler({
      ...{ from: plan.to, to: [height, width], channels, kernel: "bicubic", wraps: plan.seamless },
      use: (y, row) => {
        for (let x = 0; x < width; x++) {
          const seen = alpha === undefined ? 1 : alpha[y * width + x]! / most;
          this.weight += seen * channels;
          for (let c = 0; c < channels; c++) {
            const at = x * channels + c;
            this.squares += seen * (row[at]! - color[y * width * channels + at]! / most) ** 2;
          }
        }
      },
    });
  }

  /** The next row of the result, `[w c]`. */
  push(color: Numbers): void {
    if (!this.scaler) return;
    for (let i = 0; i < color.length; i++) this.scaled[i] = color[i]! / this.most;
    this.scaler.push(this.scaled);
  }

  /** PSNR in dB of what is visible. */
  result(): number | "exact" | undefined {
    if (!this.scaler || this.weight === 0) return undefined;
    const mean = this.squares / this.weight;
    // Less than single precision tells apart.
    return mean < 1e-12 ? "exact" : -10 * Math.log10(mean);
  }
}
