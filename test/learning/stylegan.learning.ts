import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { avatars } from "../../src/data/avatars.js";
import type { Conclusion } from "../../src/game/conclusion.js";
import { type AttributeProbe, attributeProbe } from "../../src/metrics/attribute-probe.js";
import { frechetDistance, moments } from "../../src/metrics/frechet.js";
import { linearSeparability } from "../../src/metrics/linear-separability.js";
import { prdc } from "../../src/metrics/prdc.js";
import { train } from "../../src/run/train.js";
import { type Ended, handOf } from "../../src/zoo/stylegan/looking.js";
import {
  pathLengthIn,
  styleShares,
  truncatedBy,
  varianceOf,
} from "../../src/zoo/stylegan/measures.js";
import { stylegan } from "../../src/zoo/stylegan.js";

/** Settings were chosen by looking at this seed, and the claims are checked on the others. */
const tunedOn = [1];
const verifiedOn = [101, 102, 103];

/** Nobody plays with these; a probe of attributes is fitted to them. */
const known = avatars({ count: 4096, seed: 77 });
const data = avatars();
const psis = [1, 0.7, 0.5, 0.3];
/** What 16 × 16 pictures show: R² of the others stays below 0.3. */
const names = ["x", "y", "size", "skin", "hair", "background"] as const;
const position = ["x", "y"] as const;
const colour = ["skin", "background"] as const;

const seen = (bytes: Uint8Array): Float32Array => Float32Array.from(bytes, (v) => v / 127.5 - 1);

const fitted = (): Promise<AttributeProbe> =>
  attributeProbe(seen(known.items), {
    shape: known.shape,
    attributes: Object.fromEntries(names.map((name) => [name, known.factors![name]!.map(Number)])),
  });

type Row = Readonly<Record<string, number>>;

/** How far readings of some pictures are from those of fresh real ones. */
async function frechet(probe: AttributeProbe, pictures: Float32Array): Promise<number> {
  const real = await probe.read(seen(avatars({ count: 2000, seed: 78 }).items));
  const size = probe.names.length;
  return await frechetDistance(
    await moments(await probe.read(pictures), size),
    await moments(real, size),
  );
}

/** Everything that is asked of a generator with styles. */
async function measured(look: Ended, probe: AttributeProbe): Promise<Row> {
  const hand = handOf(look);
  const row: Record<string, number> = {};
  const z = await pathLengthIn("z", hand, { look, samples: 1000 });
  row["path z"] = z.mean;
  const random = look.random("fresh");
  const latents = hand.latents(random, 2000);
  const w = await hand.mapped(latents);
  const made = await hand.pictured(hand.everywhere(w), hand.noise(random, 2000));
  row.frechet = await frechet(probe, made);
  const readings = await probe.read(made);
  const attributes = Object.fromEntries(
    names.map((name, k) => [name, readings.filter((_, i) => i % names.length === k)]),
  );
  row["separability z"] = linearSeparability(latents, {
    size: look.hyper.latent,
    attributes,
  }).value;
  if (hand.layers === 1) return row;
  row["path w"] = (await pathLengthIn("w", hand, { look, samples: 1000 })).mean;
  row["w of z"] = row["path w"] / row["path z"];
  row["separability w"] = linearSeparability(w, { size: hand.n, attributes }).value;
  const { shares, noise, noisePixels } = await styleShares(hand, { look, probe, pairs: 1000 });
  for (const [k, name] of names.entries()) {
    for (const group of ["coarse", "middle", "fine"] as const) {
      row[`${group} ${name}`] = shares[group][k]!;
    }
    row[`noise ${name}`] = noise[k]!;
  }
  row["noise pixels"] = noisePixels;
  const real = await probe.read(seen(avatars({ count: 1000, seed: 79 }).items));
  for (const psi of psis) {
    const pictures = await truncatedBy(psi, hand, { look, count: 1000 });
    const read = await probe.read(pictures);
    // Of pixels: on the tuned seed readings of size vary the more, the nearer to the mean style.
    row[`variance ${psi}`] = varianceOf(pictures, 3 * 16 * 16);
    for (const [k, name] of names.entries()) {
      const own = read.filter((_, i) => i % names.length === k);
      row[`variance of ${name} ${psi}`] = varianceOf(own, 1);
    }
    row[`precision ${psi}`] = (await prdc(real, read, { size: names.length, k: 3 })).precision;
  }
  return row;
}

/** Plays with one seed, and measures what came of it. */
async function play(seed: number, generator: "style" | "traditional"): Promise<Row> {
  let row: Row | undefined;
  const concludes = async (ended: unknown): Promise<Conclusion> => {
    const probe = await fitted();
    row = await measured(ended as Ended, probe); // of the very system
    await probe.release();
    return { outcomes: [{ name: "frechet", value: row.frechet! }], figures: {} };
  };
  const run = train({
    ...{ system: { ...stylegan, concludes }, data, hyper: { generator }, seed },
    ...{ replicas: 1, folder: null, samplesEvery: 1_000_000, sampleCount: 1 },
  });
  for await (const event of run) {
    if (event.type === "stopped" && event.reason !== "finished") throw new Error(event.message);
  }
  if (row === undefined) throw new Error("nothing was measured");
  return row;
}

/** Does so many things at a time as there are cores. */
async function all<T>(jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const out: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < jobs.length; i = next++) out[i] = await jobs[i]!();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return out;
}

/** A Markdown table with a column for each seed. */
function print(title: string, seeds: readonly number[], rows: readonly Row[]): void {
  const lines = Object.keys(rows[0]!).map(
    (name) => `| ${name} | ${rows.map((row) => Number(row[name]!.toPrecision(3))).join(" | ")} |`,
  );
  const head = `| | ${seeds.join(" | ")} |\n|${" --- |".repeat(seeds.length + 1)}`;
  console.log(`${title}\n${head}\n${lines.join("\n")}`);
}

describe("stylegan on 16 × 16 avatars", () => {
  it("has the properties of its paper on seeds that nothing was tuned on", async () => {
    const probe = await fitted();
    console.log(
      `tuned on ${tunedOn}, verified on ${verifiedOn}; R² of the probe: ` +
        names.map((name) => `${name} ${probe.r2[name]!.toFixed(2)}`).join(", "),
    );
    const floor = await frechet(probe, seen(avatars({ count: 2000, seed: 80 }).items));
    console.log(`Fréchet distance of two real sets by attributes: ${floor.toFixed(4)}`);
    await probe.release();
    for (const name of names) expect(probe.r2[name], name).toBeGreaterThan(0.9);

    const seeds = [...tunedOn, ...verifiedOn];
    const rows = await all(seeds.map((seed) => () => play(seed, "style")));
    print("styles, the first seed the tuned one", seeds, rows);
    const plain = await all(verifiedOn.map((seed) => () => play(seed, "traditional")));
    print("a traditional generator as large", verifiedOn, plain);

    for (const [i, row] of rows.entries()) {
      const seed = `seed ${seeds[i]}`;
      expect(row["w of z"], seed).toBeLessThan(0.8);
      for (const name of position) {
        expect(row[`coarse ${name}`], `${seed} ${name}`).toBeGreaterThan(0.6);
        expect(row[`fine ${name}`], `${seed} ${name}`).toBeLessThan(0.3);
      }
      for (const name of colour) {
        expect(row[`fine ${name}`], `${seed} ${name}`).toBeGreaterThan(0.6);
        expect(row[`coarse ${name}`], `${seed} ${name}`).toBeLessThan(0.3);
      }
      for (const name of [...position, ...colour]) {
        expect(row[`noise ${name}`], `${seed} ${name}`).toBeLessThan(0.1);
      }
      expect(row["noise pixels"], seed).toBeGreaterThan(0);
      const variances = psis.map((psi) => row[`variance ${psi}`]!);
      expect(variances, seed).toEqual([...variances].sort((a, b) => b - a));
    }
  });
});
