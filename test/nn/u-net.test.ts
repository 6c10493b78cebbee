import { describe, expect, test } from "vitest";
import { dropsFrom } from "../../src/nn/dropout.js";
import { patchDiscriminator } from "../../src/nn/patch-discriminator.js";
import { uNet, uNetDepth, uNetDrops, uNetWidths } from "../../src/nn/u-net.js";
import { BelamyError } from "../../src/shape/error.js";
import type { Shape } from "../../src/shape/shape.js";
import { gradients } from "../../src/tensor/gradients.js";
import { sum } from "../../src/tensor/operations.js";
import { evaluate } from "../../src/tensor/reference.js";
import { constant, input } from "../../src/tensor/tensor.js";
import { apply } from "./apply.js";

function said(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof BelamyError) return `${error.name}: ${error.message}`;
    throw error;
  }
  return "nothing was thrown";
}

const small = uNet({ widths: [2, 3, 4], channels: 1 });
const told = (n: number) => ({ shape: [n], type: "float32" }) as const;

describe("a U-Net", () => {
  test("has widths that double up to eight times, as often as both sides can be halved", () => {
    expect(uNetWidths(16, 5)).toEqual([16, 32, 64, 128, 128]);
    const shapes: readonly Shape[] = [
      [1, 32, 32],
      [3, 48, 64],
      [3, 512, 512],
      [1, 30, 32],
    ];
    expect(shapes.map(uNetDepth)).toEqual([5, 4, 8, 1]);
  });

  test("drops as many numbers as it is told: those of its three innermost blocks", () => {
    // 4×4 of 3 channels, 8×8 of 2, and the last block is the picture.
    expect(uNetDrops([2, 3, 4], [1, 16, 16])).toBe(4 * 4 * 3 + 8 * 8 * 2);
    const deep = uNetWidths(64, 8);
    expect(uNetDrops(deep, [3, 256, 256])).toBe(512 * (2 * 2 + 4 * 4 + 8 * 8));
    const { chance } = apply(small.build([1, 16, 16]), input("x", [2, 1, 16, 16]));
    const drawn = chance.reduce((n, { shape }) => n + shape.slice(1).reduce((a, b) => a * b), 0);
    expect(drawn).toBe(uNetDrops([2, 3, 4], [1, 16, 16]));
    expect(chance.length).toBe(2);
  });

  test("draws nothing when sampling, and nothing at all with dropout 0", () => {
    const x = input("x", [1, 1, 16, 16]);
    expect(apply(small.build([1, 16, 16]), x, { training: false }).chance).toEqual([]);
    const whole = uNet({ widths: [2, 3, 4], channels: 1, dropout: 0 });
    expect(apply(whole.build([1, 16, 16]), x).chance).toEqual([]);
  });

  test("gives the same told its drops as drawing them", () => {
    const shape: Shape = [1, 16, 16];
    const drops = uNetDrops([2, 3, 4], shape);
    const u = Array.from({ length: 2 * drops }, (_, i) => ((i * 37) % 101) / 101);
    const x = input("x", [2, ...shape]);
    const drawing = apply(small.build(shape), x);
    const condition = dropsFrom(constant(u, { shape: [2, drops] }), 0.5);
    const telling = apply(small.build(shape, told(drops)), x, { condition });
    const kept = Object.fromEntries(
      Object.entries(drawing.parameters).map(([name, { shape: own }]) => {
        const length = own.reduce((a, b) => a * b, 1);
        return [name, Array.from({ length }, (_, i) => Math.sin(i + name.length))];
      }),
    );
    const items = Array.from({ length: 2 * 256 }, (_, i) => Math.cos(i));
    // Drawn block by block; told row by row.
    const sizes = drawing.chance.map(({ shape: own }) => own.slice(1).reduce((a, b) => a * b));
    const starts = [0, sizes[0]!];
    const chances = Object.fromEntries(
      sizes.map((size, k) => {
        const rows = [0, 1].map((b) =>
          u.slice(b * drops + starts[k]!, b * drops + starts[k]! + size),
        );
        return [`chance ${k}`, rows.flat()];
      }),
    );
    const [drawn] = evaluate([drawing.y], { x: items, ...kept, ...chances });
    const [same] = evaluate([telling.y], { x: items, ...kept });
    expect([...same!]).toEqual([...drawn!]);
  });

  test("shows one row for each part, with its parameters", () => {
    const { rows } = small.build([1, 16, 16]);
    expect(rows.map(({ name, output, parameters }) => [name, output, parameters])).toEqual([
      ["down conv 2 4×4 /2", [2, 8, 8], 32],
      ["down conv 3 4×4 /2", [3, 4, 4], 96],
      ["down batch norm", [3, 4, 4], 6],
      ["down conv 4 4×4 /2", [4, 2, 2], 192],
      ["up deconv 3 4×4 ×2", [3, 4, 4], 192],
      ["up batch norm", [3, 4, 4], 6],
      ["up deconv 2 4×4 ×2", [2, 8, 8], 192],
      ["up batch norm", [2, 8, 8], 4],
      ["up deconv 1 4×4 ×2", [1, 16, 16], 65],
    ]);
  });

  test("says what does not fit", () => {
    expect(said(() => uNet({ widths: [4], channels: 1 }))).toBe(
      "ConfigurationError: uNet: expected two widths or more, received 1",
    );
    expect(said(() => small.build([1, 20, 16]))).toBe(
      "ShapeError: uNet: 20×16 cannot be halved 3 times\n" +
        "  input  [1 20 16]  c h w\n" +
        "  hint   give it fewer widths",
    );
    expect(said(() => small.build([256]))).toBe(
      "ShapeError: uNet: needs three axes besides the batch, has 1\n  input  [256]  c h w",
    );
    expect(said(() => small.build([1, 16, 16], told(7)))).toBe(
      "ShapeError: uNet: is told other numbers than it can drop\n  told   [7]\n  drops  [176]",
    );
  });
});

test.each([1, 16, 34, 70] as const)("one logit sees %i pixels a side, and no more", (field) => {
  const side = 96;
  const built = patchDiscriminator({ field, width: 1, norm: () => (x) => x }).build([
    1,
    side,
    side,
  ]);
  const x = input("x", [1, 1, side, side]);
  const { y, parameters } = apply(built, x);
  const places = y.shape[2]!;
  const middle = (places >> 1) * places + (places >> 1);
  const one = Array.from({ length: places * places }, (_, i) => (i === middle ? 1 : 0));
  const [slope] = gradients(sum(y.times(constant(one, { shape: y.shape }))), [x]);
  const numbers = Object.entries(parameters).map(([name, { shape }]) => {
    return [name, new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(1)];
  });
  const [seen] = evaluate([slope!], {
    x: new Array<number>(side * side).fill(1),
    ...Object.fromEntries(numbers),
  });
  const columns = new Set<number>();
  seen!.forEach((v, i) => {
    if (v !== 0) columns.add(i % side);
  });
  expect(columns.size).toBe(field);
});
