import { describe, expect, it } from "vitest";
import { perceptualPathLength } from "../../src/metrics/perceptual-path.js";

const [latent, size] = [6, 6];
const scaled = (by: number) => async (z: Float32Array) => z.map((v) => by * v);

describe("perceptualPathLength", () => {
  it("is E‖z₂ − z₁‖² = 2 · latent along lines seen through the identity, trimmed of its tails", async () => {
    // ‖z₂ − z₁‖² is 2 χ² with 6 degrees; without its lowest and highest 1 % its mean is 11.838:
    // P(a < χ²₈ < b) / 0.98 · 12 for the 1st and 99th percentiles a and b of χ²₆.
    const options = { latent, size, samples: 20_000, path: "lerp", epsilon: 1e-2 } as const;
    const { mean } = await perceptualPathLength(scaled(1), options);
    expect(Math.abs(mean - 11.838)).toBeLessThan(0.15);
  });

  it("grows with the square of the generator, by ε's own rounding alone", async () => {
    const options = { latent, size, samples: 500 };
    const one = await perceptualPathLength(scaled(1), options);
    const three = await perceptualPathLength(scaled(3), options);
    expect(one).toMatchObject({ epsilon: 1e-4, samples: 500 });
    expect(Math.abs(three.mean / one.mean / 9 - 1)).toBeLessThan(1e-3);
  });

  it("is the squared angle along arcs of unit vectors: (π/2)² in high dimensions", async () => {
    const many = 400;
    const unit = async (z: Float32Array): Promise<Float32Array> => {
      const rows = z.slice();
      for (let at = 0; at < z.length; at += many) {
        const length = Math.hypot(...z.subarray(at, at + many));
        for (let j = 0; j < many; j++) rows[at + j] = z[at + j]! / length;
      }
      return rows;
    };
    const options = { latent: many, size: many, samples: 200, epsilon: 1e-3 };
    const { mean } = await perceptualPathLength(unit, options);
    expect(Math.abs(mean / (Math.PI / 2) ** 2 - 1)).toBeLessThan(0.02);
  });

  it("measures at the beginning of paths when told to, the same for the same seed", async () => {
    // f(z) = z² has slope 2z: along lines, E‖f'‖² at t = 0 is latent · 4 E[z₁² (z₂ − z₁)²] = 16 latent.
    const squared = async (z: Float32Array) => z.map((v) => v * v);
    const options = { latent, size, samples: 300, path: "lerp", seed: 5 } as const;
    const end = await perceptualPathLength(squared, { ...options, at: "end" });
    expect(await perceptualPathLength(squared, { ...options, at: "end" })).toEqual(end);
    const anywhere = await perceptualPathLength(squared, options);
    expect(end.mean).toBeGreaterThan(1.3 * anywhere.mean);
  });

  it("lays straight lines between mapped ends, whose rows may be compared otherwise", async () => {
    // Ends are doubled and cut to 3 numbers: ‖Δ‖² is 4 · 2 χ² with 3 degrees, and Σ|Δ| is told apart.
    const mapped = async (z: Float32Array): Promise<Float32Array> =>
      Float32Array.from(
        { length: z.length / 2 },
        (_, i) => 2 * z[Math.floor(i / 3) * 6 + (i % 3)]!,
      );
    const options = { latent, size: 3, mapped, samples: 4000, epsilon: 1e-2 };
    const identity = async (w: Float32Array): Promise<Float32Array> => w;
    const { mean } = await perceptualPathLength(identity, options);
    // Without its tails a little less than 4 · 2 · 3.
    expect(mean).toBeGreaterThan(22);
    expect(mean).toBeLessThan(24.5);
    const between = async (a: Float32Array, b: Float32Array): Promise<number[]> =>
      Array.from({ length: a.length / 3 }, (_, i) =>
        [0, 1, 2].reduce((sum, k) => sum + (b[3 * i + k]! - a[3 * i + k]!) ** 2, 0),
      ).map((v) => v / 4);
    const quarter = await perceptualPathLength(identity, { ...options, between });
    expect(Math.abs(quarter.mean / mean - 0.25)).toBeLessThan(1e-6);
  });

  it("asks for latents in batches", async () => {
    const sizes: number[] = [];
    const counting = async (z: Float32Array): Promise<Float32Array> => {
      sizes.push(z.length / latent);
      return z;
    };
    await perceptualPathLength(counting, { latent, size, samples: 10, batch: 4 });
    expect(sizes).toEqual([8, 8, 4]);
  });

  it("needs a path", async () => {
    await expect(perceptualPathLength(scaled(1), { latent, size, samples: 0 })).rejects.toThrow(
      /^perceptualPathLength\.samples: expected a whole number of at least 1, received 0$/,
    );
  });
});
