import { figure } from "../../figure/figure.js";
import type { Panel } from "../../figure/panels.js";
import type { Figure } from "../../game/conclusion.js";

/** A network between two, tried on pictures. */
export interface CurvePoint {
  /** 0 is the network of stage 1, 1 that of stage 2. */
  readonly alpha: number;
  /** Of luma, decibels. */
  readonly psnr: number;
  /** Mean of `|ln|` of the ratio of powers at each frequency. */
  readonly spectrum: number;
}

/** What stands beside the curve. */
export interface CurveOptions {
  /** The curve's pictures: `32 test pictures`. */
  readonly of: string;
  readonly bicubic: Omit<CurvePoint, "alpha">;
  /** Pictures to see it by. */
  readonly beside?: readonly Panel[];
}

/**
 * The perception–distortion curve: how near the pictures of each network are to the truth, and how
 * like real ones.
 *
 * Blau & Michaeli 2018, "The perception-distortion tradeoff".
 */
export function curveFigure(points: readonly CurvePoint[], options: CurveOptions): Figure {
  const { of, bicubic, beside = [] } = options;
  const [psnr, spectrum] = [points.map((p) => p.psnr), points.map((p) => p.spectrum)];
  // Flat pictures have no spectrum.
  const height = Math.max(...[...spectrum, bicubic.spectrum].filter(Number.isFinite), 0.1);
  return figure({
    title: "Nearer to the truth, or more like it",
    about:
      `Networks between that of stage 1 (α = 0) and that of stage 2 (α = 1), on ${of}: ` +
      `the further right, the nearer to the truth; the lower, the more like it in how rough it is. ` +
      `Bicubic interpolation is at ${bicubic.psnr.toFixed(2)} dB and ${bicubic.spectrum.toFixed(2)}.`,
    columns: beside.length === 0 ? 1 : 2,
    panels: [
      {
        kind: "plot",
        title: "Perception and distortion",
        x: { label: "PSNR of luma (dB)" },
        y: { label: "spectrum error", domain: [0, height * 1.1] },
        legend: "above",
        marks: [
          {
            kind: "line",
            name: "(1 − α) stage 1 + α stage 2",
            color: 1,
            x: psnr,
            y: spectrum,
            dots: true,
          },
          ...points.map((p) => ({
            kind: "note" as const,
            x: p.psnr,
            y: p.spectrum - height * 0.08,
            text: `${p.alpha}`,
            color: 1 as const,
            anchor: "middle" as const,
          })),
          {
            kind: "dots",
            name: "bicubic",
            color: "quiet",
            x: [bicubic.psnr],
            y: [bicubic.spectrum],
          },
        ],
      },
      ...beside,
    ],
  });
}
