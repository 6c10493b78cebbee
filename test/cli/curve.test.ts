import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { textures } from "../../src/data/textures.js";
import { initialValues } from "../../src/nn/initializers.js";
import { interpolated } from "../../src/nn/interpolated.js";
import { rrdbNet } from "../../src/nn/rrdb.js";
import { joined } from "../../src/run/generator.js";
import { encodeSafetensors } from "../../src/run/safetensors.js";
import { matlabBicubic } from "../../src/shape/bicubic.js";
import { inProcess } from "./in-process.js";
import { emptyFolder, type Said } from "./program.js";

const cwd = emptyFolder();
const at = (name: string): string => join(cwd, name);
const said = async (line: string): Promise<Said> => {
  const { code, out, err } = await inProcess(line.replaceAll("./", `${cwd}/`).split(" "));
  return { code, out: out.replaceAll(`${cwd}/`, "./"), err: err.replaceAll(`${cwd}/`, "./") };
};
interface Scored {
  readonly bicubic: { readonly psnr: number; readonly ssim: number; readonly spectrum: number };
  readonly points: readonly {
    readonly alpha: number;
    readonly psnr: number;
    readonly energy: number;
    readonly pictures: readonly { readonly name: string }[];
  }[];
}
const scored = async (line: string): Promise<Scored> => {
  const { code, out, err } = await said(`${line} --json`);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Scored; // printed so
};

const sizes = { blocks: 1, channels: 4, growth: 2 };
const { parameters } = rrdbNet(sizes).build([3, 8, 8]);
const drawn = (seed: number): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, initial }]) => [
      name,
      initialValues(initial, { shape, name, seed }),
    ]),
  );
const [a, b] = [drawn(1), drawn(2)];

const write = (name: string, weights: Readonly<Record<string, Float32Array>>): void => {
  const tensors = Object.entries(weights).map(([key, data]) => [
    key,
    { shape: parameters[key]!.shape, data },
  ]);
  const bytes = encodeSafetensors({ tensors: Object.fromEntries(tensors), metadata: {} });
  writeFileSync(at(name), joined(bytes));
};

const writePicture = async (name: string, planes: Uint8Array, side: number): Promise<void> => {
  const n = side * side;
  const raw = Uint8Array.from(
    { length: 3 * n },
    (_, i) => planes[(i % 3) * n + Math.floor(i / 3)]!,
  );
  await sharp(raw, { raw: { width: side, height: side, channels: 3 } }).toFile(at(name));
};

const { items } = textures({ count: 2, size: 48 });
const each = 3 * 48 * 48;

beforeAll(async () => {
  for (const folder of ["large", "both", "odd"]) mkdirSync(at(folder));
  for (const i of [0, 1]) {
    const picture = items.slice(i * each, (i + 1) * each);
    await writePicture(`large/${i}.png`, picture, 48);
    await writePicture(`both/img_00${i}_HR.png`, picture, 48);
    const small = matlabBicubic(picture, { shape: [3, 48, 48], scale: 1 / 4 });
    await writePicture(`both/img_00${i}_LR.png`, small.values, 12);
    await writePicture(`odd/img_00${i}_HR.png`, picture, 48);
    await writePicture(`odd/img_00${i}_LR.png`, picture, 48);
  }
  write("a.safetensors", a);
  write("b.safetensors", b);
  write("between.safetensors", interpolated(a, b, 0.3));
});

test("small pictures that lie beside large ones are those that MATLAB makes", async () => {
  const [large, both] = [
    await scored("curve bicubic --pictures ./large"),
    await scored("curve bicubic --pictures ./both"),
  ];
  expect(both.bicubic).toMatchObject({ psnr: large.bicubic.psnr, ssim: large.bicubic.ssim });
  expect(both.points[0]!.pictures.map(({ name }) => name)).toEqual([
    "img_000_HR.png",
    "img_001_HR.png",
  ]);
});

test("a place between two files of weights scores as the network that is written there", async () => {
  const curve = await scored(
    "curve ./a.safetensors ./b.safetensors --pictures ./large --alphas 0,0.3,1",
  );
  expect(curve.points.map(({ alpha }) => alpha)).toEqual([0, 0.3, 1]);
  for (const [i, name] of ["a", "between", "b"].entries()) {
    const alone = await scored(`curve ./${name}.safetensors --pictures ./large`);
    expect(curve.points[i]!.psnr).toBeCloseTo(alone.points[0]!.psnr, 4);
    expect(curve.points[i]!.energy).toBeCloseTo(alone.points[0]!.energy, 4);
  }
});

test("a table on the terminal, and a figure of the curve", async () => {
  const { out } = await said("curve bicubic --pictures ./large");
  expect(out).toMatch(/^bicubic on 2 pictures of \.\/large\n\n {9}PSNR, dB {4}SSIM /);
  expect(out).toContain("PSNR and SSIM of luma (BT.601) in bytes, without 4 pixels at each edge");
  const drawing = await said(
    "curve ./a.safetensors ./b.safetensors --pictures ./large --alphas 2 --out ./curve.svg",
  );
  expect(drawing.out).toContain("a.safetensors to b.safetensors on 2 pictures");
  expect(drawing.out).toMatch(/α = 0 .*\n.*α = 1 /);
  expect(drawing.out).toMatch(/\.\/curve\.svg: the curve\n$/);
  const svg = readFileSync(at("curve.svg"), "utf8");
  expect(svg).toMatch(/^<svg/);
  expect(svg).toContain("spectrum error");
});

test("what cannot be drawn or compared", async () => {
  expect(await said("curve ./a.safetensors")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--pictures: missing; name a folder of pictures"),
  });
  expect((await said("curve bicubic --pictures ./large --alphas 0,x")).err).toContain(
    "--alphas: expected 11, or numbers such as 0,0.5,1, received 0,x",
  );
  expect((await said("curve bicubic --pictures ./large --out ./c.svg")).err).toBe(
    "--out: bicubic is one network: there is no curve\n  hint  give it a second file of weights\n",
  );
  expect((await said("curve ./a.safetensors bicubic --pictures ./large")).err).toBe(
    "curve: bicubic is no .safetensors file of ESRGAN weights\n" +
      "  hint  one run alone has both networks\n",
  );
  expect((await said("curve ./missing.onnx --pictures ./large")).err).toBe(
    "./missing.onnx: there is no such file\n",
  );
  expect((await said("curve bicubic --pictures ./odd")).err).toBe(
    "img_000_HR.png: its small picture is not 4 times smaller\n" +
      "  small   [3 48 48]\n  wanted  [3 12 12]\n",
  );
});
