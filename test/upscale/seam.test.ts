import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../src/shape/random.js";
import { upscale } from "../../src/upscale/job.js";
import { SeamMeter, seamlessAxes } from "../../src/upscale/seam.js";
import { readGamePicture } from "../../src/upscale/texture-read.js";
import { fileOf, golden, weightsOf } from "./rrdb-golden.js";
import { emptyFolder, folderOf, pixels, png, waves } from "./textures.js";

test("the meter says the steps at the edges and inside", () => {
  const meter = new SeamMeter({ width: 4, height: 2, channels: 1, most: 255 });
  meter.push(Uint8Array.of(0, 10, 30, 60), undefined);
  meter.push(Uint8Array.of(0, 10, 30, 90), undefined);
  const { x, y } = meter.result();
  // Across: inside 10 20 30 and 10 20 60, at the edge 60 and 90.
  expect(x).toEqual({ largest: 90, inside: 60, mean: 75, meanInside: 45 });
  // Down: inside 0 0 0 30; the same from the last row to the first.
  expect(y).toEqual({ largest: 30, inside: 30, mean: 7.5, meanInside: 7.5 });
});

test("steps are those of what is seen, and of alpha", () => {
  const meter = new SeamMeter({ width: 2, height: 1, channels: 1, most: 65535 });
  meter.push(Uint16Array.of(65535, 0), Uint16Array.of(0, 0));
  expect(meter.result().x.largest).toBe(0);
  const edge = new SeamMeter({ width: 2, height: 1, channels: 1, most: 255 });
  edge.push(Uint8Array.of(9, 9), Uint8Array.of(255, 0));
  expect(edge.result().x.largest).toBe(255);
});

const picture = async (size: readonly [number, number, number], wave: ReturnType<typeof waves>) =>
  await readGamePicture(await png(size, wave));

test("waves that go on at their other side are found, and cuts from them are not", async () => {
  let [found, cuts] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const { x, y } = seamlessAxes(await picture([32, 32, 3], waves(32, seed)));
    if (x && y) found++;
    // 21 of 32 pixels of each wave: it ends where it does not begin.
    const cut = seamlessAxes(await picture([21, 21, 3], waves(32, seed)));
    if (cut.x || cut.y) cuts++;
  }
  expect({ found, cuts: cuts <= 8 }).toEqual({ found: 40, cuts: true });
});

test("what goes on across alone is found across alone", async () => {
  const wave = waves(32, 7);
  const along = await picture([21, 32, 3], wave);
  expect(seamlessAxes(along)).toEqual({ x: true, y: false });
  const none = await picture([3, 3, 3], waves(3, 1));
  expect(seamlessAxes(none)).toEqual({ x: false, y: false });
});

/** A picture turned by so many pixels along both axes, `[h w c]`. */
const turned = (
  { data, width, height, channels }: Awaited<ReturnType<typeof pixels>>,
  by: readonly [number, number],
) =>
  data.map((_, i) => {
    const c = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    const at = ((y + by[1]) % height) * width + ((x + by[0]) % width);
    return data[at * channels + c]!;
  });

test.each(["bicubic", "lanczos"])(
  "%s knows no edge of a seamless texture: turned before is turned after",
  async (model) => {
    const random = new Random({ seed: 5, purpose: "noise" });
    const noise = Array.from({ length: 16 * 12 * 4 }, () => random.integer(256));
    const at = (x: number, y: number, c: number) => {
      const value = noise[((y % 12) * 16 + (x % 16)) * 4 + c]!;
      return c < 3 ? value : value < 128 ? 0 : 255;
    };
    const folder = folderOf({
      "a.png": await png([12, 16, 4], at),
      "b.png": await png([12, 16, 4], (x, y, c) => at(x + 5, y + 7, c)),
    });
    const out = `${folder}-out`;
    await upscale(folder, { out, model, seamless: "all" });
    const [a, b] = [await pixels(join(out, "a.png")), await pixels(join(out, "b.png"))];
    expect(Buffer.compare(Buffer.from(turned(a, [20, 28])), Buffer.from(b.data))).toBe(0);
    await upscale(folder, { out: `${out}-2`, model, down: 2, seamless: "all" });
    const [c, d] = [
      await pixels(join(`${out}-2`, "a.png")),
      await pixels(join(`${out}-2`, "b.png")),
    ];
    expect(Buffer.compare(Buffer.from(turned(c, [10, 14])), Buffer.from(d.data))).toBe(0);
  },
);

test("a texture that goes on along one axis is wrapped along that one", async () => {
  const wave = waves(32, 7);
  const folder = folderOf({ "a.png": await png([21, 32, 3], wave) });
  const turnedFolder = folderOf({
    "a.png": await png([21, 32, 3], (x, y, c) => wave(x + 9, y, c)),
  });
  const { files } = await upscale(folder, { out: `${folder}-out` });
  expect(files[0]!.seamless).toEqual({ x: true, y: false });
  await upscale(turnedFolder, { out: `${turnedFolder}-out` });
  const a = await pixels(join(`${folder}-out`, "a.png"));
  const b = await pixels(join(`${turnedFolder}-out`, "a.png"));
  expect(Buffer.compare(Buffer.from(turned(a, [36, 0])), Buffer.from(b.data))).toBe(0);
});

test("a network knows no edge of a seamless texture either, but for its last digits", async () => {
  const weights = join(emptyFolder(), "net.safetensors");
  const name = Object.keys(golden.cases).find((key) => {
    const { scale, unshuffle, inputs = 3 } = golden.cases[key]!.sizes;
    return scale === 4 && unshuffle === 1 && inputs === 3;
  })!;
  writeFileSync(weights, fileOf(weightsOf(name, "new")));
  const wave = waves(16, 12);
  const folder = folderOf({
    "a.png": await png([16, 16, 3], wave),
    "b.png": await png([16, 16, 3], (x, y, c) => wave(x + 5, y + 7, c)),
  });
  await upscale(folder, { out: `${folder}-out`, model: weights });
  const [a, b] = [
    await pixels(join(`${folder}-out`, "a.png")),
    await pixels(join(`${folder}-out`, "b.png")),
  ];
  const same = turned(a, [20, 28]);
  expect(same.every((value, i) => Math.abs(value - b.data[i]!) <= 1)).toBe(true);
  // Without wrapping the edges differ.
  await upscale(folder, { out: `${folder}-cut`, model: weights, seamless: "none" });
  const cut = await pixels(join(`${folder}-cut`, "a.png"));
  expect(cut.data.some((value, i) => Math.abs(value - a.data[i]!) > 1)).toBe(true);
});
