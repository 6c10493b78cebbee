import { expect, test } from "vitest";
import { textures } from "../../src/data/textures.js";
import { conclude } from "../../src/game/conclude.js";
import type { Conclusion } from "../../src/game/conclusion.js";
import { type System, settleFor, type Values } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { psnrY } from "../../src/metrics/super-resolution.js";
import { descriptionOf } from "../../src/run/asked.js";
import { sizeOf } from "../../src/shape/shape.js";
import { enhancenet } from "../../src/zoo/enhancenet.js";
import { esrgan } from "../../src/zoo/esrgan.js";
import { curveFigure } from "../../src/zoo/super-resolution/curve.js";

const data = textures({ count: 4, size: 32 });
const heldOut = textures({ count: 3, size: 32, seed: 1 });

/** What a system says of weights that are known. */
async function said(
  system: System,
  given: Values,
  {
    weights,
    rounds,
  }: { readonly weights: (name: string) => number; readonly rounds: readonly string[] },
): Promise<{ readonly of: (name: string) => number; readonly figures: Conclusion["figures"] }> {
  const description = descriptionOf({ data });
  const hyper = settleFor(system, description, given);
  const cells = trace(system, { hyper, data: description }).cells.map(({ name, shape }) => [
    name,
    new Float32Array(sizeOf(shape)).fill(weights(name)),
  ]);
  const conclusion = await conclude(system, {
    ...{ hyper, seed: 1, round: 3, cells: Object.fromEntries(cells), heldOut },
    data: { ...description, items: data.items, labels: data.labels },
    history: (name) => ({ rounds: [1], values: rounds.includes(name) ? [0.5] : [] }),
  });
  const { outcomes, figures } = conclusion!; // it has one
  const of = (name: string): number => outcomes.find((o) => o.name.startsWith(name))!.value;
  return { of, figures };
}

/** Mean PSNR of flat grey pictures beside those that were not trained on. */
function ofGrey(grey: number): number {
  const shape = [3, 32, 32];
  const each = sizeOf(shape);
  const flat = new Uint8Array(each).fill(Math.round(255 * grey));
  const all = [0, 1, 2].map((i) =>
    psnrY(flat, heldOut.items.slice(i * each, (i + 1) * each), { shape }),
  );
  return all.reduce((a, b) => a + b, 0) / 3;
}

const tiny = { patch: 16, blocks: 1, channels: 4, width: 2 };

test("an EnhanceNet that adds nothing is bicubic interpolation", async () => {
  const { of, figures } = await said(enhancenet, tiny, { weights: () => 0, rounds: [] });
  expect(of("PSNR of luma, 3 test pictures")).toBeCloseTo(of("the same, bicubic"), 4);
  expect(of("spectrum error, ENet-PAT")).toBeCloseTo(of("spectrum error, bicubic"), 4);
  expect(of("high-frequency energy, bicubic")).toBeLessThan(0.2);
  expect(figures.pictures!.svg).toMatch(/^<svg/);
  expect(figures.pictures!.about).toContain("ENet-PAT");
});

test("ESRGAN's networks, and what lies between them, are told apart", async () => {
  // A network whose last bias alone is not 0 makes flat pictures of it.
  const weights = (name: string): number =>
    name === "average.G.conv_last.bias" ? 0.8 : name === "P.conv_last.bias" ? 0.4 : 0;
  const { of, figures } = await said(
    esrgan,
    { ...tiny, growth: 2 },
    { weights, rounds: ["G.pixel"] },
  );
  expect(of("PSNR of luma, 3 test pictures")).toBeCloseTo(ofGrey(0.8), 5);
  expect(of("the same, stage 1")).toBeCloseTo(ofGrey(0.4), 5);
  expect(of("high-frequency energy, stage 2")).toBeCloseTo(0, 9);
  const told = figures.curve!.svg.length;
  expect(told).toBeGreaterThan(1000);
  expect(figures.curve!.svg.includes(">α = 0<")).toBe(true);
});

test("before stage 2 there is one network", async () => {
  const weights = (name: string): number => (name.endsWith("conv_last.bias") ? 0.5 : 0);
  const { of, figures } = await said(esrgan, { ...tiny, growth: 2 }, { weights, rounds: [] });
  expect(of("PSNR of luma, 3 test pictures")).toBeCloseTo(ofGrey(0.5), 5);
  expect(() => of("the same, stage 1")).toThrow();
  expect(figures.curve!.svg.includes(">α = 0<")).toBe(false);
});

test("the curve names every place on it", () => {
  const points = [0, 0.5, 1].map((alpha) => ({ alpha, psnr: 20 - alpha, spectrum: 3 - alpha }));
  const { svg, about } = curveFigure(points, {
    of: "3 pictures",
    bicubic: { psnr: 18, spectrum: 5 },
  });
  for (const alpha of ["0", "0.5", "1"]) expect(svg.includes(`>${alpha}<`), alpha).toBe(true);
  expect(about).toContain("on 3 pictures");
});
