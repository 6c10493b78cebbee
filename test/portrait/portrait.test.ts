import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { ring } from "../../src/data/points.js";
import { portraits } from "../../src/data/portraits.js";
import { shapes } from "../../src/data/shapes.js";
import { randomFeatures } from "../../src/metrics/features.js";
import { Painter } from "../../src/portrait/painter.js";
import { type PortraitOptions, portrait } from "../../src/portrait/portrait.js";
import { generatorBytes } from "../../src/run/export.js";
import { readRecord } from "../../src/run/folder.js";
import { joined } from "../../src/run/generator.js";
import { readEvents } from "../../src/run/log.js";
import { Generator } from "../../src/run/sampler.js";
import { train } from "../../src/run/train.js";
import { fingerprint } from "../../src/runtime/fingerprint.js";
import { artDcgan } from "../../src/zoo/art-dcgan.js";
import { dcgan } from "../../src/zoo/dcgan.js";
import { gan } from "../../src/zoo/gan.js";
import { inProcess } from "../cli/in-process.js";
import { steadiness, walked } from "../learning/walks.js";
import { temporaryFolder } from "../run/support.js";

const folder = temporaryFolder();
const artist = join(folder, "artist");
const played = { replicas: 1, cache: false } as const;
const hyper = { latent: 6, ngf: 8, ndf: 8, batch: 8, group: 8 };
const paintings = portraits({ count: 64, size: 16 });

beforeAll(async () => {
  const options = { system: artDcgan, data: paintings, hyper, rounds: 30, folder: artist };
  await train({ ...options, ...played }).finish();
});

const small: PortraitOptions = { of: 12, pixels: 96 };
const xmpOf = async (png: Uint8Array): Promise<string> => {
  const { xmp } = await sharp(png).metadata();
  return new TextDecoder().decode(xmp);
};

describe("a portrait", () => {
  it("is the same file whenever it is made, and another one for another seed", async () => {
    const [one, again, other] = [
      await portrait(artist, small),
      await portrait(artist, small),
      await portrait(artist, { ...small, seed: 5000 }),
    ];
    expect(fingerprint(again.png)).toBe(fingerprint(one.png));
    expect(fingerprint(other.png)).not.toBe(fingerprint(one.png));
  });

  it("is the one of its seeds that the discriminator thinks most real, whoever stands beside it", async () => {
    const { seed, logit, png } = await portrait(artist, { ...small, seed: 40, of: 70 });
    const painter = await Painter.open(artist);
    const orders = Array.from({ length: 70 }, (_, i) => ({ seed: 40 + i, truncation: 1 }));
    const { logits } = await painter.paint(orders);
    await painter.release();
    expect(new Set(logits).size).toBeGreaterThan(60);
    expect(logit).toBe(Math.max(...logits!));
    expect(logits![seed - 40]).toBe(logit);
    const alone = await portrait(artist, { ...small, seed, of: 1 });
    expect(alone.logit).toBe(logit);
    const pixels = async (file: Uint8Array) => fingerprint(await sharp(file).raw().toBuffer());
    expect(await pixels(alone.png)).toBe(await pixels(png));
  });

  it("is what generate and serve make of the seed", async () => {
    const model = joined(await generatorBytes(artist, { system: artDcgan }));
    const generator = await Generator.from(model, { name: "artist" });
    const theirs = await generator.samples([generator.latent(7, 0)]);
    await generator.close();
    const painter = await Painter.open(artist);
    const { items, shape } = await painter.paint([{ seed: 7, truncation: 1 }]);
    await painter.release();
    expect(shape).toEqual([3, 16, 16]);
    items.forEach((value, i) => {
      expect(value).toBeCloseTo(theirs[i]!, 5);
    });
  });

  it("says in its file that it is synthetic, by which model and seed, and how it came about", async () => {
    const { png, seed, steps, width, height } = await portrait(artist, {
      ...small,
      canvas: [2, 1],
    });
    expect(steps).toEqual([
      "canvas of 2 × 1 latents, 20 × 16 pixels",
      "chosen by the discriminator of 12 seeds from 0 on",
      "enlarged by bicubic ×5",
      "signed min_G max_D E_x[log D(x)] + E_z[log(1−D(G(z)))]",
      "framed",
    ]);
    const { width: wide, height: high } = await sharp(png).metadata();
    expect([wide, high]).toEqual([width, height]);
    const xmp = await xmpOf(png);
    const model = fingerprint(joined(await generatorBytes(artist, { system: artDcgan })));
    expect(xmp).toContain("digitalsourcetype/trainedAlgorithmicMedia");
    expect(xmp).toContain(`<belamy:model>${model}</belamy:model>`);
    expect(xmp).toContain(`<belamy:seed>${seed}</belamy:seed>`);
    expect(xmp).toContain("art-dcgan on portraits");
    for (const step of steps) expect(xmp).toContain(step.replaceAll('"', "&#34;"));
  });

  it("has the picture inside of mat and frame, and without them when it is bare", async () => {
    const options = { ...small, signature: "" };
    const bare = await portrait(artist, { ...options, frame: false });
    const whole = await portrait(artist, options);
    expect([bare.width, bare.height]).toEqual([96, 96]);
    const left = Math.round((whole.width - 96) / 2);
    const cut = await sharp(whole.png)
      .extract({ left, top: left, width: 96, height: 96 })
      .raw()
      .toBuffer();
    expect(fingerprint(cut)).toBe(fingerprint(await sharp(bare.png).raw().toBuffer()));
    // The mat is light, the wood is dark.
    const { data, info } = await sharp(whole.png).raw().toBuffer({ resolveWithObject: true });
    const row = Math.round(whole.height / 2) * info.width * 3;
    expect(data[row + (left - 3) * 3]).toBeGreaterThan(180);
    expect(data[row + 8 * 3]).toBeLessThan(140);
  });

  it("is signed in its lower right corner and nowhere else", async () => {
    const at = { ...small, frame: false, pixels: 256 } as const;
    const [signed, plain] = [
      await portrait(artist, at),
      await portrait(artist, { ...at, signature: "" }),
    ];
    const [a, b] = [
      await sharp(signed.png).raw().toBuffer(),
      await sharp(plain.png).raw().toBuffer(),
    ];
    let [inside, outside] = [0, 0];
    for (let i = 0; i < a.length; i += 3) {
      if (a[i] === b[i] && a[i + 1] === b[i + 1] && a[i + 2] === b[i + 2]) continue;
      const [x, y] = [(i / 3) % 256, Math.floor(i / 3 / 256)];
      if (x >= 118 && y >= 218) inside++;
      else outside++;
    }
    expect(outside).toBe(0);
    expect(inside).toBeGreaterThan(300);
  });
});

it("walks through latents without jumps, which going from one to the next would be", async () => {
  const model = joined(await generatorBytes(artist, { system: artDcgan }));
  const generator = await Generator.from(model, { name: "artist" });
  const features = await randomFeatures(generator.shape);
  const walk = { seed: 1, features };
  const smooth = steadiness(await walked(generator, walk));
  const jumping = steadiness(
    await walked(generator, { ...walk, between: (a, b, t) => (t < 0.5 ? a : b) }),
  );
  await features.release();
  await generator.close();
  expect(smooth).toBeLessThan(3);
  expect(jumping).toBeGreaterThan(15);
});

describe("what cannot be portrayed is named", () => {
  const other = join(folder, "dcgan");
  const points = join(folder, "points");
  beforeAll(async () => {
    const tiny = { width: 4, latent: 4, batch: 4, group: 4 };
    const data = shapes({ count: 8, size: 16 });
    await train({ ...played, system: dcgan, data, hyper: tiny, rounds: 1, folder: other }).finish();
    const units = { width: 4, units: 4, batch: 4, group: 4 };
    const ringed = {
      system: gan,
      data: ring({ count: 8 }),
      hyper: units,
      rounds: 1,
      folder: points,
    };
    await train({ ...played, ...ringed }).finish();
  });

  it("a larger canvas of latents without places", async () => {
    expect((await portrait(other, { of: 2, pixels: 32 })).width).toBeGreaterThan(32);
    await expect(portrait(other, { canvas: [2, 2] })).rejects.toThrow(
      "canvas: dcgan makes pictures of one size\n  hint  art-dcgan makes larger ones",
    );
  });

  it("points", async () => {
    await expect(portrait(points)).rejects.toThrow("portrait: gan on ring makes no pictures");
  });

  it("a sign that the pen does not know", async () => {
    await expect(portrait(artist, { ...small, signature: "Obvious" })).rejects.toThrow(
      "signature: the pen has no O\n  hint  it has 1 minaxlogzGDE[]()+−",
    );
  });

  it("choosing where nobody judges", async () => {
    const system = { ...artDcgan, verdict: undefined };
    await expect(portrait(artist, { system, of: 2 })).rejects.toThrow(
      "of: nobody judges in this system\n  hint  leave it out, and name a --seed",
    );
  });
});

describe("belamy portrait", () => {
  it("writes the file and tells how it came about", async () => {
    const file = join(folder, "hung", "a.png");
    const words = [
      "portrait",
      artist,
      "--of",
      "3",
      "--pixels",
      "48",
      "--canvas",
      "1x2",
      "--out",
      file,
    ];
    const { code, out, err } = await inProcess(words);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.replace(/seed\d+|seed \d+,?/g, "seed")).toContain("enlarged by bicubic ×2");
    const xmp = await xmpOf(readFileSync(file));
    expect(xmp).toContain("canvas of 1 × 2 latents, 16 × 20 pixels");
  });

  it("says at once what is wrong with what was typed", async () => {
    const words = "--of none --truncation 2 --canvas wide --pixels 0 --frame".split(" ");
    const { code, err } = await inProcess(["portrait", artist, ...words]);
    expect(code).toBe(2);
    expect(err).toBe(`--frame: unknown
--canvas: expected a number or two as in 8x8, received wide
--of: expected a whole number ≥ 1, received none
--truncation: expected a number from 0 to 1, received 2
--pixels: expected a whole number ≥ 1, received 0
belamy portrait --help shows what there is
`);
  });
});

describe("a run that goes on with another collection", () => {
  it("begins with what the first has learned, and records both", async () => {
    const path = join(folder, "moved");
    const data = shapes({ count: 40, size: 16 });
    const branch = { run: artist };
    const run = train({
      ...played,
      system: artDcgan,
      data,
      hyper,
      branch,
      rounds: 3,
      folder: path,
    });
    expect(await run.finish()).toMatchObject({ round: 33, reason: "finished" });
    const record = readRecord(path);
    expect(record.data.name).toBe("shapes");
    expect(record.branch).toMatchObject({ run: "artist", round: 30, changed: {} });
    expect(readRecord(artist).data.name).toBe("portraits");
    expect(readEvents(path)[0]).toMatchObject({ type: "started", round: 30 });
    // Its first checkpoint is the other's last; then the new pictures move it.
    const samples = async (at: string): Promise<Float32Array> => {
      const painter = await Painter.open(at);
      const { items } = await painter.paint([{ seed: 3, truncation: 1 }]);
      await painter.release();
      return items;
    };
    const [before, after] = [await samples(artist), await samples(path)];
    const apart = Math.sqrt(
      before.reduce((sum, v, i) => sum + (v - after[i]!) ** 2, 0) / before.length,
    );
    expect(apart).toBeGreaterThan(0.001);
    expect(apart).toBeLessThan(0.5);
  });
});
