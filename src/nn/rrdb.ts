import { ConfigurationError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { concatenate, leakyRelu } from "../tensor/operations.js";
import { pixelUnshuffle, resize } from "../tensor/pictures.js";
import { input, type Tensor } from "../tensor/tensor.js";
import { conv } from "./convolution.js";
import { kaiming } from "./initializers.js";
import {
  type BuiltLayer,
  countOf,
  type Kept,
  type Layer,
  prefixed,
  type Scope,
  scopeOf,
  simple,
} from "./layer.js";

/** Sizes of ESRGAN's generator; the paper's when left out. */
export interface RrdbOptions {
  /** Residual-in-residual dense blocks: 23. */
  readonly blocks?: number;
  /** Of every block's input and output: 64. */
  readonly channels?: number;
  /** Channels that each convolution inside of a dense block adds: 32. */
  readonly growth?: number;
  /** How many times larger pictures become, a power of two: 4. */
  readonly scale?: number;
  /** Channels of what is made: 3. */
  readonly out?: number;
  /**
   * Side of the squares of pixels that become channels first; 1 leaves pictures as they are. As in
   * Real-ESRGAN: 2 for scale 2 and 4 for scale 1, so that most of the work is done on fewer pixels.
   */
  readonly unshuffle?: number;
}

/** Of ReLU leaking on negative numbers. */
const slope = 0.2;
/** What is left of every residual. */
const share = 0.2;
/** Convolutions inside of a dense block. */
const depth = 5;

/** As many residual dense blocks as make an RRDB. */
const denseBlocks = 3;

/**
 * ESRGAN's generator: residual-in-residual dense blocks without normalization, a skip over all of
 * them, and a doubling by nearest neighbours and a convolution as often as `scale` needs:
 * `[b c h w] → [b out scale·h scale·w]`. Parameters are named as in the authors' RRDBNet_arch.py:
 * `conv_first`, `RRDB_trunk.0.RDB1.conv1`, `trunk_conv`, `upconv1`, `HRconv`, `conv_last`. Weights
 * inside of blocks begin a tenth as large as He's, with biases of 0.
 *
 * Wang, Yu, Wu, Gu, Liu, Dong, Qiao & Loy 2018, "ESRGAN: Enhanced super-resolution generative
 * adversarial networks", arXiv:1809.00219, section 3.1; pixels to channels first: Wang, Xie, Dong &
 * Shan 2021, "Real-ESRGAN", arXiv:2107.10833, section 3.3.
 *
 * @throws {ConfigurationError} when a size is no whole number, or a scale no power of two.
 * @throws {ShapeError} when the input is no picture, or its sides are no multiples of `unshuffle`.
 *
 * @example
 * network([3, 32, 32], rrdbNet()).built.output; // → [3,128,128]
 * const small = rrdbNet({ blocks: 2, channels: 16, growth: 8, scale: 2 });
 * network([3, 32, 32], small).built.output; // → [3,64,64]
 */
export function rrdbNet(options: RrdbOptions = {}): Layer {
  const { blocks = 23, channels = 64, growth = 32, scale = 4, out = 3 } = options;
  const { unshuffle = defaultUnshuffle[scale] ?? 1 } = options;
  check({ blocks, channels, growth, scale, out, unshuffle });
  const doublings = Math.log2(scale * unshuffle);
  return {
    name: "rrdbNet",
    build(shape) {
      const parts = new Parts();
      const squares = unshuffle === 1 ? shape : unshuffled(shape, unshuffle);
      const wide = parts.add("conv_first", conv(channels), squares);
      const trunk = Array.from({ length: blocks }, (_, i) => `RRDB_trunk.${i}`);
      for (const name of trunk) parts.add(name, rrdb(growth), wide);
      parts.add("trunk_conv", conv(channels), wide);
      const ups = Array.from({ length: doublings }, (_, i) => `upconv${i + 1}`);
      let large = wide;
      for (const name of ups) large = parts.add(name, conv(channels), doubled(large));
      parts.add("HRconv", conv(channels), large);
      const output = parts.add("conv_last", conv(out), large);
      return {
        output,
        parameters: parts.parameters,
        state: {},
        rows: parts.rows,
        apply(x, scope) {
          const run = (name: string, y: Tensor): Tensor => parts.apply(name, y, scope);
          const first = run("conv_first", unshuffle === 1 ? x : pixelUnshuffle(x, unshuffle));
          const deep = trunk.reduce((y, name) => run(name, y), first);
          const small = first.plus(run("trunk_conv", deep));
          const made = ups.reduce((y, name) => leakyRelu(run(name, twice(y)), slope), small);
          return run("conv_last", leakyRelu(run("HRconv", made), slope));
        },
      };
    },
  };
}

const defaultUnshuffle: Readonly<Record<number, number>> = { 1: 4, 2: 2 };

function check(sizes: Required<RrdbOptions>): void {
  const fail = (name: string, why: string): never => {
    throw new ConfigurationError({ op: `rrdbNet.${name}`, why });
  };
  for (const [name, size] of Object.entries(sizes)) {
    if (!(Number.isSafeInteger(size) && size >= 1)) {
      fail(name, `expected a whole number of at least 1, received ${size}`);
    }
  }
  for (const name of ["scale", "unshuffle"] as const) {
    const size = sizes[name];
    if (!Number.isInteger(Math.log2(size))) fail(name, `${size} is no power of two`);
  }
}

const twice = (x: Tensor): Tensor =>
  resize(x, [2 * x.shape[2]!, 2 * x.shape[3]!], { filter: "nearest" });

const doubled = ([c, h, w]: Shape): Shape => [c!, 2 * h!, 2 * w!];

/** What `pixelUnshuffle` makes; it fails where that does. */
const unshuffled = (shape: Shape, side: number): Shape =>
  pixelUnshuffle(input("x", [1, ...shape]), side).shape.slice(1);

/** Three dense blocks after each other, of whose output a share is added to their input. */
function rrdb(growth: number): Layer {
  const names = Array.from({ length: denseBlocks }, (_, i) => `RDB${i + 1}`);
  return {
    name: `RRDB +${growth}`,
    build(shape) {
      const parts = new Parts();
      for (const name of names) parts.add(name, denseBlock(growth), shape);
      return simple({
        name: `RRDB ${shape[0]} +${growth}`,
        output: shape,
        parameters: parts.parameters,
        apply: (x, scope) =>
          names
            .reduce((y, name) => parts.apply(name, y, scope), x)
            .times(share)
            .plus(x),
      });
    },
  };
}

/** Five convolutions, each of which sees the input and what those before it have made. */
function denseBlock(growth: number): Layer {
  const names = Array.from({ length: depth }, (_, i) => `conv${i + 1}`);
  const name = `dense block +${growth}`;
  return {
    name,
    build(shape) {
      const [channels, ...size] = shape as readonly [number, ...number[]]; // a convolution made it
      const parts = new Parts();
      names.forEach((part, i) => {
        const seen = channels + i * growth;
        const made = i === depth - 1 ? channels : growth;
        parts.add(part, conv(made, { initial: kaiming(9 * seen, 0.1 * Math.SQRT2) }), [
          seen,
          ...size,
        ]);
      });
      const last = names.at(-1)!; // there are five
      return simple({
        name,
        output: shape,
        parameters: parts.parameters,
        apply(x, scope) {
          let seen = [x];
          for (const part of names.slice(0, -1)) {
            seen = [...seen, leakyRelu(parts.apply(part, concatenate(seen, 1), scope), slope)];
          }
          return parts.apply(last, concatenate(seen, 1), scope).times(share).plus(x);
        },
      });
    },
  };
}

/** Layers by their names, as parts of one. */
class Parts {
  private readonly built = new Map<string, BuiltLayer>();

  /** Builds a part for an input, and says what it makes of that. */
  add(name: string, layer: Layer, shape: Shape): Shape {
    const built = layer.build(shape);
    this.built.set(name, built);
    return built.output;
  }

  apply(name: string, x: Tensor, scope: Scope): Tensor {
    return this.built.get(name)!.apply(x, scopeOf(scope, name)); // added by the same code
  }

  get parameters(): Readonly<Record<string, Kept>> {
    const all = [...this.built].map(([name, { parameters }]) => prefixed(name, parameters));
    return Object.assign({}, ...all);
  }

  /** One line for each part. */
  get rows(): BuiltLayer["rows"] {
    return [...this.built.values()].map(({ output, parameters, rows }) => ({
      name: rows[0]!.name,
      output,
      parameters: countOf(parameters),
    }));
  }
}
