import { describe, expect, test } from "vitest";
import { textures } from "../../src/data/textures.js";
import { psnr } from "../../src/metrics/psnr.js";
import { matlabBicubic } from "../../src/shape/bicubic.js";

describe("textures", () => {
  const data = textures({ count: 64, size: 48 });
  const each = 3 * 48 * 48;
  const item = (i: number): Uint8Array => data.items.slice(i * each, (i + 1) * each);
  const plane = (i: number): Uint8Array => item(i).subarray(48 * 48, 2 * 48 * 48);
  const of = (texture: string): number[] => {
    const label = data.classes.indexOf(texture);
    return [...data.labels!.keys()].filter((i) => data.labels![i] === label);
  };

  test("are labelled pictures in colour, of four kinds", () => {
    expect(data).toMatchObject({ name: "textures", kind: "pictures", shape: [3, 48, 48] });
    expect(data.items).toHaveLength(64 * each);
    expect(data.classes).toEqual(["bricks", "stripes", "grass", "gravel"]);
    for (const texture of data.classes) expect(of(texture).length).toBeGreaterThan(8);
  });

  test("are the same for the same seed, item by item, whatever their number", () => {
    expect(textures({ count: 2, size: 48 }).items).toEqual(data.items.slice(0, 2 * each));
    expect(textures({ count: 2, size: 48, seed: 1 }).items).not.toEqual(
      data.items.slice(0, 2 * each),
    );
  });

  test("a larger size shows more of the same surface, at the same grain", () => {
    const large = textures({ count: 4, size: 80 });
    for (let i = 0; i < 4; i++) {
      for (const row of [0, 20, 47]) {
        const small = item(i).subarray(row * 48, row * 48 + 48);
        expect(large.items.subarray(i * 3 * 6400 + row * 80, i * 3 * 6400 + row * 80 + 48)).toEqual(
          small,
        );
      }
    }
  });

  test("lose what they show when they become four times smaller", () => {
    for (let i = 0; i < data.count; i++) {
      const small = matlabBicubic(item(i), { shape: [3, 48, 48], scale: 1 / 4 });
      const back = matlabBicubic(small.values, { shape: small.shape, to: [48, 48] });
      expect(psnr(item(i), back.values)).toBeLessThan(25);
    }
  });

  test("differ as their names say: bands are regular, blades lie one way, gravel lies no way", () => {
    const anisotropy = (i: number): number => {
      // The structure tensor of the whole picture: 1 where everything runs one way.
      let [xx, yy, xy] = [0, 0, 0];
      const p = plane(i);
      for (let y = 0; y < 47; y++) {
        for (let x = 0; x < 47; x++) {
          const dx = p[y * 48 + x + 1]! - p[y * 48 + x]!;
          const dy = p[(y + 1) * 48 + x]! - p[y * 48 + x]!;
          xx += dx * dx;
          yy += dy * dy;
          xy += dx * dy;
        }
      }
      return Math.hypot(xx - yy, 2 * xy) / (xx + yy);
    };
    const mean = (texture: string): number =>
      of(texture).reduce((sum, i) => sum + anisotropy(i), 0) / of(texture).length;
    expect(mean("gravel")).toBeLessThan(0.25);
    expect(mean("grass")).toBeGreaterThan(0.5);
    expect(mean("stripes")).toBeGreaterThan(0.4);
  });

  test("refuse what is no size", () => {
    expect(() => textures({ size: 0 })).toThrow(
      /^textures\.size: expected a whole number of at least 1, received 0$/,
    );
  });
});
