import { describe, expect, test } from "vitest";
import type { DataDescription } from "../../src/game/draws.js";
import { choice, count, real, settle } from "../../src/game/hyper.js";
import { network, tensor } from "../../src/game/network.js";
import { trace, traceGenerator } from "../../src/game/trace.js";
import { augment } from "../../src/nn/augmentation.js";
import { batchNorm } from "../../src/nn/batch-norm.js";
import { conv, deconv } from "../../src/nn/convolution.js";
import { filled } from "../../src/nn/initializers.js";
import { chain, type Layer, residual, type Step } from "../../src/nn/layer.js";
import { linear, unflatten } from "../../src/nn/linear.js";
import { BelamyError } from "../../src/shape/error.js";
import type { Shape } from "../../src/shape/shape.js";
import { flatten, matmul, mean, relu, reshape, sum } from "../../src/tensor/operations.js";
import { input, type Tensor } from "../../src/tensor/tensor.js";
import { pictures, points, small, still, values } from "./small.js";

/** The text of the error that an action throws, as a user sees it. */
function textOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof BelamyError) return `${error.name}: ${error.message}`;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const lines = (...text: readonly string[]): string => text.join("\n");

/** A game on 3×8×8 pictures whose D is made of these layers. */
const judgedBy = (layers: Step) =>
  small("wgan-gp", {
    networks: (_, data) => ({ D: network(data.shape, layers) }),
    players: () => ({
      D: { owns: ["D"], learner: still, minimizes: ({ D }, { x }) => ({ a: mean(D(x!)) }) },
    }),
  });
const traced = (system: ReturnType<typeof small>, data: DataDescription = pictures, given = {}) =>
  textOf(() => trace(system, { hyper: { ...values, ...given }, data }));

describe("shape errors of layers, with their place", () => {
  test("linear on a picture", () => {
    expect(traced(judgedBy(chain(linear(64))))).toBe(
      lines(
        "ShapeError: linear: needs one axis besides the batch",
        "  input  [3 8 8]",
        "  in     wgan-gp › D › linear 64 #0",
        "  hint   put flatten before it",
      ),
    );
  });

  test("deep inside of a residual", () => {
    const branch = chain(conv(3), relu, conv(3, { kernel: 13, padding: 2 }));
    expect(traced(judgedBy(chain(relu, residual(branch), flatten, linear(1))))).toBe(
      lines(
        "ShapeError: conv: kernel 13×13 is larger than the padded input, 12×12",
        "  input  [3 8 8]  c h w",
        "  in     wgan-gp › D › residual #1 › residual › conv 3 13×13 #2",
      ),
    );
  });

  const alone: readonly [string, Layer, Shape, readonly string[]][] = [
    [
      "unflatten",
      unflatten(4, 4),
      [15],
      ["unflatten: 15 elements do not fill 16 places", "  from  [15]", "  to    [4 4]"],
    ],
    [
      "conv on points",
      conv(4),
      [7],
      ["conv: needs three axes besides the batch, has 1", "  input  [7]  c h w"],
    ],
    [
      "deconv on points",
      deconv(4),
      [7],
      ["deconv: needs three axes besides the batch, has 1", "  input  [7]  c h w"],
    ],
    [
      "conv in groups that do not divide its input",
      conv(4, { groups: 2 }),
      [3, 8, 8],
      ["conv: 2 groups do not divide 3 channels", "  input  [3 8 8]  c h w"],
    ],
    [
      "deconv in groups that do not divide its output",
      deconv(5, { groups: 2 }),
      [4, 8, 8],
      ["deconv: 2 groups do not divide 5 channels of output", "  input  [4 8 8]  c h w"],
    ],
    [
      "deconv with too much output padding",
      deconv(4, { outputPadding: 2 }),
      [3, 8, 8],
      ["deconv: output padding 2 is not below the stride, 2", "  input  [3 8 8]  c h w"],
    ],
    [
      "deconv with too much padding",
      deconv(4, { padding: 3 }),
      [3, 1, 2],
      ["deconv: padding 3 leaves no output", "  input  [3 1 2]  c h w"],
    ],
    [
      "residual that would broadcast",
      residual(linear(1)),
      [8],
      ["residual: shapes differ", "  input   [8]", "  branch  [1]", "  hint    give it a skip"],
    ],
    [
      "residual whose skip differs",
      residual(linear(4), { skip: linear(1) }),
      [8],
      ["residual: shapes differ", "  skip    [1]", "  branch  [4]"],
    ],
    [
      "a function that does not fit",
      chain((x) => reshape(x, [1, 5])),
      [8],
      [
        "reshape: 8 elements do not fill 5 places",
        "  from  [1 8]",
        "  to    [1 5]",
        "  in    function #0",
      ],
    ],
  ];
  test.each(alone)("%s", (_, layer, shape, text) => {
    const said = textOf(() => layer.build(shape));
    expect(said).toBe(`ShapeError: ${lines(...text)}`);
    expect(said.split("\n")[0]!.length).toBeLessThanOrEqual(80);
  });

  test("batch norm without an axis", () => {
    expect(textOf(() => batchNorm().build([]))).toBe(
      lines("ShapeError: batchNorm: needs an axis besides the batch", "  input  []"),
    );
  });

  test("augmentation of points", () => {
    const [x, u] = [input("x", [4, 2]), input("u", [4, 9])];
    expect(textOf(() => augment(x, u, { policy: ["flip"] }))).toBe(
      lines("ShapeError: axes: needs 4 axes, has 2", "  got  [4 2]  b _ _ _"),
    );
  });
});

describe("mistakes in a game", () => {
  test("a network given another shape than it was built for", () => {
    const system = small("wgan-gp", {
      networks: () => ({ D: network([3, 8, 8], chain(flatten, linear(1))) }),
      players: () => ({
        D: { owns: ["D"], learner: still, minimizes: ({ D }, { z }) => ({ a: mean(D(z!)) }) },
      }),
    });
    expect(traced(system)).toBe(
      lines(
        "ShapeError: D: was built for another shape",
        "  given      [4 2]",
        "  built for  [b 3 8 8]",
        "  in         wgan-gp › D",
      ),
    );
  });

  test("an operation inside of a loss names the player", () => {
    const system = small("a", {
      networks: () => ({ w: tensor([3, 1], filled(0)) }),
      players: () => ({
        critic: {
          owns: ["w"],
          learner: still,
          minimizes: ({ w }, { x }) => ({ a: mean(matmul(x!, w)) }),
        },
      }),
    });
    expect(traced(system, points)).toBe(
      lines(
        "ShapeError: matmul: inner sizes differ, 2 ≠ 3",
        "  left   [4 2]  m k",
        "  right  [3 1]  k n",
        "  in     a › critic",
      ),
    );
  });

  /** A player that differs from a right one in one thing. */
  const player = (given: {
    readonly owns?: readonly string[];
    readonly every?: Readonly<Record<string, number>>;
    readonly turns?: number;
    readonly minimizes?: (w: Tensor) => Readonly<Record<string, Tensor>>;
  }) =>
    small("a", {
      networks: () => ({ weights: tensor([2], filled(1)) }),
      players: () => ({
        P: {
          // Names that the compiler would refuse: definitions can also come from JavaScript.
          owns: (given.owns ?? ["weights"]) as readonly "weights"[],
          learner: still,
          ...(given.every === undefined ? {} : { every: given.every }),
          ...(given.turns === undefined ? {} : { turns: given.turns }),
          minimizes: ({ weights }) =>
            given.minimizes?.(weights) ?? { adversarial: sum(weights), r1: mean(weights) },
        },
      }),
    });

  test("what the others change is right without the change", () => {
    expect(trace(player({}), { hyper: values, data: points }).turns[0]!.variants[0]!.terms).toEqual(
      ["P.adversarial", "P.r1"],
    );
  });

  test("owning what is not there", () => {
    expect(traced(player({ owns: ["wieghts"] }), points)).toBe(
      lines(
        "ConfigurationError: P: owns no such network, wieghts",
        "  in    a",
        "  hint  did you mean weights?",
      ),
    );
    expect(traced(player({ owns: ["Q"] }), points)).toBe(
      lines("ConfigurationError: P: owns no such network, Q", "  in  a"),
    );
  });

  test("a property of a player that nobody reads", () => {
    const system = player({});
    const turn = () => ({ P: { ...system.players(values, points).P!, turn: 5 } });
    expect(traced({ ...system, players: turn }, points)).toBe(
      lines(
        "ConfigurationError: P: players have no turn",
        "  in    a",
        "  hint  did you mean turns?",
      ),
    );
  });

  const mistakes: readonly [string, Parameters<typeof player>[0], string][] = [
    ["owning nothing", { owns: [] }, "P: owns nothing"],
    [
      "a period of none",
      { every: { r1: 0 } },
      "P.every.r1: expected a whole number ≥ 1, received 0",
    ],
    [
      "a broken period",
      { every: { r1: 1.5 } },
      "P.every.r1: expected a whole number ≥ 1, received 1.5",
    ],
    ["no turns", { turns: 0 }, "P.turns: expected a whole number ≥ 1, received 0"],
  ];
  test.each(mistakes)("%s", (_, given, text) => {
    expect(traced(player(given), points)).toBe(lines(`ConfigurationError: ${text}`, "  in  a"));
  });

  test("a move on which no term counts", () => {
    const every = { adversarial: 3, r1: 4 };
    expect(traced(player({ every }), points)).toBe(
      lines(
        "ConfigurationError: every: all terms rest on some moves: adversarial, r1",
        "  in  a › P",
      ),
    );
    expect(traced(player({ minimizes: () => ({}) }), points)).toBe(
      lines("ConfigurationError: player: has no terms", "  in  a › P"),
    );
  });

  test.each([
    ["items", "this name is taken"],
    ["flat", "this name is taken"],
    ["learner", "this name is taken"],
    ["G.mapping", "a name has no dots"],
  ])("a network named %s", (name, why) => {
    const networks = () => ({ [name]: tensor([1], filled(0)) });
    const system = { ...player({}), networks };
    expect(traced(system, points)).toBe(
      lines(`ConfigurationError: networks.${name}: ${why}`, "  in  a"),
    );
  });

  test("an average of what nobody owns", () => {
    const averages = () => ({ weights: { halfLife: 10 }, wieghts: { halfLife: 10 } });
    expect(traced({ ...player({}), averages }, points)).toBe(
      lines(
        "ConfigurationError: averages.wieghts: no player owns such a network",
        "  in    a",
        "  hint  did you mean weights?",
      ),
    );
  });

  test("a lazy term that is not there", () => {
    expect(traced(player({ every: { r2: 4 } }), points)).toBe(
      lines(
        "ConfigurationError: every.r2: no such term",
        "  in    a › P",
        "  hint  did you mean r1?",
      ),
    );
  });

  test("a term that is no scalar", () => {
    expect(traced(player({ minimizes: (w) => ({ fooling: w }) }), points)).toBe(
      lines(
        "ShapeError: term: fooling is no float32 scalar",
        "  fooling  [2]",
        "  in       a › P",
        "  hint     take the mean or the sum",
      ),
    );
  });

  test("a group that does not divide the batch", () => {
    expect(traced(player({}), points, { batch: 10, group: 4 })).toBe(
      lines("ConfigurationError: hyper.group: 4 does not divide the batch of 10", "  in  a"),
    );
  });

  test("what is made and what is judged have places of their own", () => {
    const wrong = (x: Tensor): Tensor => reshape(x, [5]);
    const system = (part: "samples" | "verdict") => ({
      ...player({}),
      ...(part === "samples"
        ? { samples: (_: unknown, { z }: Readonly<Record<string, Tensor>>) => wrong(z!) }
        : { verdict: (_: unknown, items: Tensor) => wrong(items) }),
    });
    const options = { hyper: values, data: points };
    expect(textOf(() => traceGenerator(system("samples"), options))).toMatch(
      /\n {2}in {4}a › samples$/,
    );
    expect(textOf(() => trace(system("verdict"), options))).toBe(
      lines(
        "ShapeError: reshape: 32 elements do not fill 5 places",
        "  from  [16 2]",
        "  to    [5]",
        "  in    a › verdict",
      ),
    );
  });
});

describe("hyper-parameters", () => {
  const hyper = {
    lambda: real(10, "weight of the penalty"),
    lr: real(1e-4, "learning rate", { maximum: 1 }),
    width: count(64, "units", { minimum: 2 }),
    loss: choice("hinge", ["hinge", "softplus"], "which loss"),
  };

  test("defaults, changed by what is given", () => {
    expect(settle(hyper)).toEqual({ lambda: 10, lr: 1e-4, width: 64, loss: "hinge" });
    const given = { lambda: 0, width: 2, loss: "softplus", lr: undefined };
    expect(settle(hyper, given)).toEqual({ lambda: 0, lr: 1e-4, width: 2, loss: "softplus" });
  });

  const one: readonly [Readonly<Record<string, unknown>>, string][] = [
    [{ lamda: 1 }, "hyper.lamda: unknown; did you mean lambda?"],
    [{ witdh: 1 }, "hyper.witdh: unknown; did you mean width?"],
    [{ momentum: 1 }, "hyper.momentum: unknown"],
    [{ lr: -1 }, "hyper.lr: expected ≥ 0, received -1"],
    [{ lr: 2 }, "hyper.lr: expected ≤ 1, received 2"],
    [{ lr: "fast" }, "hyper.lr: expected a number, received fast"],
    [{ lr: Number.NaN }, "hyper.lr: expected a number, received NaN"],
    [{ lr: "1" }, "hyper.lr: expected a number, received 1"],
    [{ width: 2.5 }, "hyper.width: expected a whole number, received 2.5"],
    [{ width: 1 }, "hyper.width: expected ≥ 2, received 1"],
    [{ loss: "hnge" }, "hyper.loss: expected one of hinge, softplus, received hnge"],
  ];
  test.each(one)("%o", (given, text) => {
    expect(textOf(() => settle(hyper, given))).toBe(`ConfigurationError: ${text}`);
  });

  test("every mistake is told at once", () => {
    expect(textOf(() => settle(hyper, { lamda: 1, lr: -1, width: 0.5, loss: "hinge" }))).toBe(
      lines(
        "ConfigurationError: hyper.lamda: unknown; did you mean lambda?",
        "  hyper.lr     expected ≥ 0, received -1",
        "  hyper.width  expected a whole number, received 0.5",
      ),
    );
  });
});
