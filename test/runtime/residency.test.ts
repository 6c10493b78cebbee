import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noChromium, noSwiftShader, openPage, swiftShader } from "../support/chromium.js";

/** What `page-meter.mjs` counts, since the page began. */
interface Reading {
  readonly reads: number;
  readonly readBytes: number;
  readonly uploads: number;
  readonly uploadBytes: number;
  readonly waits: number;
  readonly dispatches: number;
  readonly buffers: number;
}

interface Played {
  readonly readings: readonly Reading[];
  readonly locations: readonly string[];
  readonly terms: readonly Readonly<Record<string, number>>[];
  /** What the same rounds report on WebAssembly. */
  readonly wanted: Played["terms"];
  readonly fedBytes: number;
  readonly turns: number;
}

const tiny = { width: 4, batch: 4, latent: 4 };
const games = [
  {
    name: "whole batches",
    game: { system: "dcgan", shape: [1, 8, 8], hyper: { ...tiny, group: 4 } },
    rounds: 12,
  },
  {
    name: "groups, five turns of a critic",
    game: { system: "wgan-gp", shape: [1, 8, 8], hyper: { ...tiny, group: 2 } },
    rounds: 6,
  },
  {
    name: "both move at once",
    game: {
      system: "gan",
      shape: [2],
      hyper: { ...tiny, latent: 2, units: 4, pieces: 2, group: 4 },
    },
    rounds: 30,
  },
];

const missing = noChromium() ?? noSwiftShader();
if (missing !== undefined) console.warn(`residency on WebGPU is skipped: ${missing}`);

describe.skipIf(missing !== undefined)("a round on WebGPU", () => {
  let open: Awaited<ReturnType<typeof openPage>>;
  beforeAll(async () => {
    open = await openPage();
  });
  afterAll(() => open?.close());

  describe.each(games)("$name", ({ game, rounds }) => {
    let played: Played;
    beforeAll(async () => {
      const script = `async (options) => {
        const { playMetered } = await import("/test/support/page-meter.mjs");
        return JSON.stringify(await playMetered(options));
      }`;
      const options = { game, warm: 3, rounds };
      const text = await open.page.evaluate(`(${script})(${JSON.stringify(options)})`);
      played = JSON.parse(text as string) as Played; // from page-meter.mjs
    }, 60_000);

    /** How much one count grew in each round. */
    const eachRound = (key: keyof Reading): number[] =>
      played.readings.slice(1).map((reading, i) => reading[key] - played.readings[i]![key]);

    test("waits for the device once, at its end, and fetches nothing but what is reported", () => {
      expect(played.turns).toBeGreaterThan(1);
      expect(new Set(eachRound("reads"))).toEqual(new Set([1]));
      const scalars = 4 * Object.keys(played.terms[0]!).length * played.turns;
      expect(Math.max(...eachRound("readBytes"))).toBeLessThanOrEqual(scalars);
      expect(new Set(eachRound("waits"))).toEqual(new Set([0]));
    });

    test("sends nothing but the batch and the clock", () => {
      // Each upload is rounded up to 16 bytes.
      const padding = 16 * Math.max(...eachRound("uploads"));
      expect(Math.min(...eachRound("uploadBytes"))).toBeGreaterThanOrEqual(played.fedBytes);
      expect(Math.max(...eachRound("uploadBytes"))).toBeLessThanOrEqual(played.fedBytes + padding);
    });

    test("does its work there, where the whole state is", () => {
      expect(Math.min(...eachRound("dispatches"))).toBeGreaterThan(10);
      expect(new Set(played.locations)).toEqual(new Set(["gpu-buffer"]));
    });

    test("reports what it does elsewhere", () => {
      expect(played.terms).toHaveLength(played.wanted.length);
      played.wanted.slice(0, 5).forEach((wanted, round) => {
        const terms = played.terms[round]!;
        expect(Object.keys(terms)).toEqual(Object.keys(wanted));
        for (const [name, value] of Object.entries(wanted)) {
          expect(Math.abs(terms[name]! - value), `${name} ${round}`).toBeLessThan(
            1e-3 * Math.max(1, Math.abs(value)),
          );
        }
      });
      const numbers = played.terms.flatMap((terms) => Object.values(terms));
      expect(new Set(numbers).size).toBeGreaterThan(10);
    });

    test("leaves as many buffers as it found", () => {
      const buffers = played.readings.map((reading) => reading.buffers);
      const half = Math.floor(buffers.length / 2);
      expect(Math.max(...buffers.slice(half))).toBeLessThanOrEqual(
        Math.max(...buffers.slice(0, half)),
      );
    });
  });
});

describe.skipIf(noSwiftShader() !== undefined)("WebGPU in Node", () => {
  // Both choose among a few: the engine has no ArgMax on WebGPU, so a few numbers leave.
  const choosers = ["artificial-curiosity", "creativity-machine"];

  test("computes every operator of every system of the zoo itself, but for choices", () => {
    const script = fileURLToPath(new URL("../support/opens.mjs", import.meta.url));
    const out = execFileSync(process.execPath, [script], {
      env: { ...process.env, ...swiftShader },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { opened, failed } = JSON.parse(out) as { opened: number; failed: string[] }; // from opens.mjs
    const systems = [...new Set(failed.map((line) => line.split(" ")[0]))];
    expect(systems, failed.join("\n")).toEqual(choosers);
    expect(opened).toBeGreaterThan(40);
  }, 180_000);
});
