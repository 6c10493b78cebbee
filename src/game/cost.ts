import { simplify } from "../onnx/simplify.js";
import { sizeOf } from "../shape/shape.js";
import { gradients, inOrder } from "../tensor/gradients.js";
import type { Tensor } from "../tensor/tensor.js";
import { constant, input } from "../tensor/tensor.js";
import { type DataDescription, rowsOf, sourceOf } from "./draws.js";
import { bind, keptBy, knownBy } from "./network.js";
import type { AnyPlayer, AnyView, System, Values } from "./system.js";
import { traceRollouts } from "./trace-rollouts.js";

/** What computing a graph once takes. */
export interface Work {
  /** Multiplications with an addition, in matrix products and convolutions. */
  readonly multiplyAdds: number;
  /** Most bytes alive at one time, when each node frees what nobody needs any more. */
  readonly peakBytes: number;
}

/** What a game takes, counted on its graphs: elementwise work is left out, it seldom decides. */
export interface Cost {
  /** One round: all turns of all players on the whole batch. */
  readonly multiplyAdds: number;
  /** Parameters, what learners remember, averages and statistics. */
  readonly stateBytes: number;
  /** The largest turn on one group. */
  readonly peakBytes: number;
}

const bytesPerNumber = 4;

/** Multiply-adds of one node, from the shapes alone. */
export function multiplyAdds({ op, inputs, shape }: Tensor): number {
  const [a, b] = inputs;
  switch (op) {
    case "matmul":
      return sizeOf(shape) * a!.shape[a!.rank - 1]!;
    case "convolution": // x, w: each output number is a sum over one filter
      return sizeOf(shape) * (sizeOf(b!.shape) / b!.shape[0]!);
    case "convolutionInputGradient": // g, w: each number of g is spread through one filter
      return sizeOf(a!.shape) * (sizeOf(b!.shape) / b!.shape[0]!);
    case "convolutionWeightGradient": // x, g: as much as the convolution that made g
      return sizeOf(b!.shape) * (sizeOf(shape) / shape[0]!);
    default:
      return 0;
  }
}

/** Walks a graph as it will be lowered: equal nodes count once. */
export function workOf(outputs: readonly Tensor[]): Work {
  const roots = simplify(outputs);
  const order = inOrder(roots);
  const lastUse = new Map<Tensor, number>();
  order.forEach((node, i) => {
    for (const x of node.inputs) lastUse.set(x, i);
  });
  for (const root of roots) lastUse.set(root, order.length);
  let total = 0;
  let alive = 0;
  let peak = 0;
  order.forEach((node, i) => {
    total += multiplyAdds(node);
    if (isView(node)) return;
    alive += bytesOf(node);
    peak = Math.max(peak, alive);
    for (const x of new Set(node.inputs)) {
      if (lastUse.get(x) === i && !isView(x)) alive -= bytesOf(x);
    }
  });
  return { multiplyAdds: total, peakBytes: peak };
}

const bytesOf = (x: Tensor): number => bytesPerNumber * sizeOf(x.shape);

/** Inputs are state, counted elsewhere; reshapes and broadcasts need no memory of their own. */
const isView = ({ op }: Tensor): boolean =>
  op === "input" || op === "constant" || op === "reshape" || op === "broadcast" || op === "detach";

/**
 * Counts a game's work from its definition with some `hyper`-parameters on some `data`, without
 * lowering or running anything.
 *
 * @throws {ShapeError} when the networks do not fit the data.
 *
 * @example
 * const points = { kind: "points", shape: [2], classes: 8, count: 1000 } as const;
 * costOf(zoo.r3gan, { hyper: settle(zoo.r3gan.hyper), data: points }).peakBytes < 1e7; // → true
 */
export function costOf(
  system: System,
  { hyper, data }: { readonly hyper: Values; readonly data: DataDescription },
): Cost {
  const owned = system.networks(hyper, data);
  const parameters = keptBy(owned, "parameters");
  const players = system.players(hyper, data);
  const averages = system.averages(hyper);
  const inputs = Object.fromEntries(
    Object.entries({ ...parameters, ...knownBy(owned) }).map(([name, { shape }]) => [
      name,
      input(name, shape),
    ]),
  );
  const group = Number(hyper.group);
  const chance = system.chance(hyper, sourceOf(data));
  const dealt = Object.fromEntries(
    Object.entries(chance).map(([name, draw]) => [
      name,
      input(`draw ${name}`, [rowsOf(draw, group), ...draw.shape], draw.type),
    ]),
  );
  const state = Object.entries(keptBy(owned, "state"));
  const groups = Number(hyper.batch) / Number(hyper.group);
  let numbers = state.reduce((n, [, { shape }]) => n + sizeOf(shape), 0);
  let perRound = 0;
  let peakBytes = 0;

  const ownedBy = (player: AnyPlayer): string[] =>
    Object.keys(parameters).filter((name) => player.owns.includes(name.split(".")[0]!));

  const viewOf = (training: boolean): AnyView =>
    bind(owned, {
      parameter: (name) => inputs[name]!,
      state: (name) => input(`state ${name}`, Object.fromEntries(state)[name]!.shape),
      update: () => {},
      training,
      uniform: (network, shape) => input(`draw ${network}`, shape),
    });
  const lives = traceRollouts(system.environments(hyper, data), {
    ...{ batch: Number(hyper.batch), group, draws: chance },
    view: () => viewOf(false),
    drawn: () => dealt,
  });
  const draws = {
    ...dealt,
    ...Object.fromEntries(lives.map(({ plan, lived }) => [plan.name, lived])),
  };
  // What is done in environments is computed anew at every step.
  for (const { plan } of lives) {
    const once = Object.values(plan.acts?.products ?? {}).reduce((sum, count) => sum + count, 0);
    perRound += once * plan.steps;
  }

  /** Gradients of some of a player's terms; of who evolves or responds, what is computed instead. */
  const turn = (player: AnyPlayer, isActive: (term: string) => boolean): Work => {
    const view = viewOf(true);
    const clock = { progress: input("progress", []), moves: input("moves", []) };
    const terms = Object.entries(player.minimizes(view, draws, clock));
    const loss = terms
      .filter(([term]) => isActive(term))
      .reduce((sum, [, value]) => sum.plus(value), constant(0));
    if ("evolves" in player.learner) return workOf([loss]);
    const responses = player.responds?.(view, draws, clock);
    if (responses !== undefined) return workOf([loss, ...Object.values(responses)]);
    return workOf([
      loss,
      ...gradients(
        loss,
        ownedBy(player).map((name) => inputs[name]!),
      ),
    ]);
  };

  for (const player of Object.values(players)) {
    const every = player.every ?? {};
    const full = turn(player, () => true);
    peakBytes = Math.max(peakBytes, full.peakBytes);
    // A lazy term costs what it adds, every so many turns.
    let perTurn = full.multiplyAdds;
    for (const [term, turns] of Object.entries(every)) {
      const without = turn(player, (other) => other !== term).multiplyAdds;
      perTurn -= (full.multiplyAdds - without) * (1 - 1 / turns);
    }
    // A search looks at most so often; how often a solver looks only the problem knows.
    const { learner } = player;
    const looks =
      "search" in learner && "evaluations" in learner.search ? learner.search.evaluations : 1;
    perRound += perTurn * looks * groups * (player.turns ?? 1);
    for (const name of ownedBy(player)) {
      const average = averages[name.split(".")[0]!] === undefined ? 0 : 1;
      numbers += sizeOf(parameters[name]!.shape) * (1 + player.learner.slots.length + average);
    }
  }
  return { multiplyAdds: perRound, stateBytes: bytesPerNumber * numbers, peakBytes };
}
