import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { galaxies } from "../../src/data/galaxies.js";
import { compute } from "../../src/runtime/compute.js";
import { fluxOf, stretched } from "../../src/shape/flux.js";
import { Random } from "../../src/shape/random.js";
import { blurPlanes, seeingKernel } from "../../src/shape/seeing.js";
import { input } from "../../src/tensor/tensor.js";
import { degrade, degradeIn } from "../../src/zoo/galaxygan/degrade.js";

interface Case {
  readonly seeing: number;
  readonly noise: number;
  readonly normal: readonly number[];
  readonly flux: readonly number[];
  readonly given: readonly number[];
  readonly original: readonly number[];
}

const golden: {
  readonly shape: readonly [number, number, number];
  readonly flux: readonly number[];
  readonly kernel: readonly number[];
  readonly cases: readonly Case[];
} = JSON.parse(readFileSync(new URL("../golden/galaxies.json", import.meta.url), "utf8"));

const { shape } = golden;
const picture = stretched(Float64Array.from(golden.flux));

/** The largest difference of two rows of numbers. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

async function inGraph(pictures: Float64Array, normal: ArrayLike<number>, sky: Case | Sky) {
  const [c, h, w] = shape;
  const count = pictures.length / (c * h * w);
  const [x, n] = [input("x", [count, ...shape]), input("n", [count, 1, h, w])];
  return await compute({ ...degradeIn(x, n, sky) }, { x: pictures, n: normal });
}

type Sky = Pick<Case, "seeing" | "noise">;

describe("a worse sky, as NumPy makes it from the paper's program", () => {
  test("its kernel", () => {
    expect(apart(seeingKernel(1.4), golden.kernel)).toBeLessThan(1e-9);
    expect(seeingKernel(0)).toEqual([1]);
  });

  test.each(golden.cases)("seeing $seeing, noise $noise", async (one) => {
    const host = degrade(picture, { shape, noise: one.normal, sky: one });
    expect(apart(host.flux, one.flux)).toBeLessThan(1e-7);
    const graph = await inGraph(picture, one.normal, one);
    for (const found of [host, graph]) {
      expect(apart(found.given, one.given)).toBeLessThan(1e-5);
      expect(apart(found.original, one.original)).toBeLessThan(1e-5);
    }
  });
});

test("graph and host agree on galaxies, each picture of a batch by itself", async () => {
  const [, h, w] = shape;
  const [count, each] = [6, 3 * h * w];
  const random = new Random({ seed: 1, purpose: "test skies" });
  const drawn = galaxies({ count, size: 13, seed: 4 });
  // 13 × 13 becomes 13 × 10, so that height and width differ.
  const pictures = Float64Array.from({ length: count * each }, (_, i) => {
    return drawn.items[Math.floor(i / w) * 13 + (i % w)]!;
  });
  const normal = Float64Array.from({ length: count * h * w }, () => random.normal());
  const sky = { seeing: 1.4, noise: 2 };
  const graph = await inGraph(pictures, normal, sky);
  for (let i = 0; i < count; i++) {
    const noise = normal.subarray(i * h * w, (i + 1) * h * w);
    const host = degrade(pictures.subarray(i * each, (i + 1) * each), { shape, noise, sky });
    const part = (values: ArrayLike<number>) => Array.from(values).slice(i * each, (i + 1) * each);
    expect(apart(part(graph.given), host.given)).toBeLessThan(1e-5);
    expect(apart(part(graph.original), host.original)).toBeLessThan(1e-5);
  }
});

test("a picture without sky gets almost no noise, and one of bytes' least value is no sky", async () => {
  const bright = picture.map(() => 0.5);
  const normal = new Float64Array(130).fill(1);
  const black = picture.map(() => -1);
  for (const flat of [bright, black]) {
    const { flux } = degrade(flat, { shape, noise: normal, sky: { seeing: 1.4, noise: 2 } });
    expect(
      apart(
        flux,
        fluxOf(flat).map((value) => value + 1e-4),
      ),
    ).toBeLessThan(1e-9);
    const graph = await inGraph(flat, normal, { seeing: 1.4, noise: 2 });
    expect(apart(graph.given, stretched(flux))).toBeLessThan(1e-5);
  }
});

test("blur keeps what is even, and the light of what is inside", () => {
  const kernel = seeingKernel(1.4);
  const even = new Float64Array(2 * 6 * 7).fill(3);
  expect(apart(blurPlanes(even, { kernel, size: [6, 7] }), even)).toBeLessThan(1e-12);
  const point = new Float64Array(21 * 23);
  point[10 * 23 + 9] = 2;
  const spread = blurPlanes(point, { kernel, size: [21, 23] });
  expect(spread.reduce((a, b) => a + b)).toBeCloseTo(2, 12);
  // Two pixels aside along one axis.
  expect(spread[10 * 23 + 11]! / spread[10 * 23 + 9]!).toBeCloseTo(
    Math.exp(-4 / (2 * (1.4 / 0.396 / 2.355) ** 2)),
    9,
  );
});

test("flux is stretched and back without loss", () => {
  const flux = Float64Array.from({ length: 400 }, (_, i) => (i - 20) / 8);
  expect(apart(fluxOf(stretched(flux)), flux)).toBeLessThan(1e-11);
  const floats = Float32Array.from(flux);
  const back = fluxOf(stretched(floats));
  back.forEach((value, i) => {
    expect(Math.abs(value - floats[i]!)).toBeLessThan(3e-6 * (1 + Math.abs(floats[i]!)));
  });
});
