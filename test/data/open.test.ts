import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { proceduralData } from "../../src/data/procedural.js";
import { failure, fill, openData, png, temporary } from "./make.js";

const folder = await temporary();

describe("data by name", () => {
  test("is procedural, with count, size and seed", async () => {
    expect(await openData("ring", { count: 10 })).toMatchObject({ name: "ring", count: 10 });
    expect(await openData("grid", { limit: 7 })).toMatchObject({ name: "grid", count: 7 });
    expect(await openData("moons", { count: 3, seed: 2 })).toMatchObject({ name: "moons" });
    const data = await openData("shapes", { count: 2, size: 16, seed: 5 });
    expect(data.shape).toEqual([3, 16, 16]);
    expect(data.fingerprint).toBe(
      proceduralData("shapes", { count: 2, size: 16, seed: 5 }).fingerprint,
    );
    expect(await openData("shapes", { count: 1, size: [8, 8] })).toMatchObject({
      shape: [3, 8, 8],
    });
  });

  test("is a path when it looks like one", async () => {
    await fill(join(folder, "ring"), { "a.png": await png([1, 2, 3]) });
    expect(await openData(join(folder, "ring"))).toMatchObject({ kind: "pictures", name: "ring" });
  });

  test("that is unknown suggests the one meant", async () => {
    expect(await failure(openData("shaeps"))).toBe(
      "ConfigurationError: data: shaeps is no known set, and nothing exists at that path\n" +
        "  hint  did you mean shapes?",
    );
    expect(await failure(openData("xyzzy"))).toBe(
      "ConfigurationError: data: xyzzy is no known set, and nothing exists at that path\n" +
        "  hint  the sets are nothing, ring, grid, moons, checkerboard, spirals, blobs, bimodal, " +
        "mixture-4d, avatars, designs, mugs, portraits, products, scenes, shapes, letters, " +
        "factors, dead-leaves, galaxies, textures, patterns:u1, patterns:u2, patterns:u3, " +
        "patterns:u4, patterns:n1, patterns:n2, patterns:n3, gaussians-2d, " +
        "mnist, fashion-mnist, cifar10",
    );
    expect(() => proceduralData("rings")).toThrow(
      /^data: rings is none of the procedural sets\n {2}hint {2}did you mean ring\?$/,
    );
    await fill(folder, { "faces.zip": "" });
    expect(await failure(openData(join(folder, "face.zip")))).toBe(
      `DataError: ${folder}/face.zip: does not exist\n  hint  did you mean ${folder}/faces.zip?`,
    );
  });

  test("with options that make no sense", async () => {
    expect(await failure(openData("shapes", { size: [8, 9] }))).toBe(
      "ConfigurationError: data.size: expected a square, received 8 × 9",
    );
    expect(await failure(openData(folder, { size: 0 }))).toBe(
      "ConfigurationError: data.size: expected a whole number of at least 1, received 0",
    );
    expect(await failure(openData(folder, { limit: 1.5 }))).toBe(
      "ConfigurationError: data.limit: expected a whole number of at least 1, received 1.5",
    );
    expect(await failure(openData(folder, { background: "blurple" }))).toBe(
      "ConfigurationError: data.background: blurple is not a colour\n" +
        "  hint  write a CSS colour such as white or #336699",
    );
  });
});
