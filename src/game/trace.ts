import type { KnownTensor } from "../nn/features.js";
import type { Kept } from "../nn/layer.js";
import type { Clock } from "../nn/optimizers.js";
import type { Program } from "../runtime/memory.js";
import { ConfigurationError, locate, ShapeError } from "../shape/error.js";
import { sameShape, sizeOf } from "../shape/shape.js";
import { gradients } from "../tensor/gradients.js";
import { mean, reshape, slice } from "../tensor/operations.js";
import { constant, input, type Tensor } from "../tensor/tensor.js";
import {
  checkActive,
  checkAverages,
  checkCopy,
  checkLazy,
  checkNames,
  checkPlayer,
  checkPopulation,
  checkQuadratic,
  checkResponses,
  checkTerms,
} from "./check.js";
import { type DataDescription, type Draw, rowsOf, sourceOf, uniform } from "./draws.js";
import type { Trajectory } from "./environment.js";
import { averageName, programsOf } from "./moves.js";
import { type Binding, bind, keptBy, knownBy, type Owned } from "./network.js";
import {
  type CellPlan,
  clockPorts,
  cutsName,
  drawPort,
  type Plan,
  slotName,
  type TurnPlan,
  type TurnVariant,
  worldsName,
} from "./plan.js";
import type { AnyPlayer, AnyView, Average, Draws, System, Values } from "./system.js";
import { keptSize, type TracedRollout, traceRollouts } from "./trace-rollouts.js";
import { traceTranslation, traceTranslator } from "./translate.js";
import { wire } from "./wire.js";

/** Samples and verdicts are computed this many at a time. */
const sampleCount = 32;
const verdictCount = 16;
/** No other size of a network equals this one, so that it can be told apart and left free. */
const exportCount = 7919;

export interface TraceOptions {
  readonly hyper: Values;
  readonly data: DataDescription;
  /**
   * Compute convolutions as products of matrices where processors are faster that way: true unless
   * the game is for a graphics card.
   */
  readonly products?: boolean;
}

/**
 * Turns a system with its `hyper`-parameters on some `data` into graphs: plain data for any worker.
 *
 * @throws {ShapeError} when networks, draws or terms do not fit; it says where.
 * @throws {ConfigurationError} when the definition owns, moves or averages what is not there.
 *
 * @example
 * const points = { kind: "points", shape: [2], classes: 8, count: 1000 } as const;
 * const plan = trace(zoo.gan, { hyper: settle(zoo.gan.hyper), data: points });
 * plan.turns.map(({ player }) => player); // → ["D","G"]
 */
export function trace(system: System, options: TraceOptions): Plan {
  return locate(system.name, () => new Tracer(system, options).plan());
}

/**
 * What a system makes, as a graph by itself: inputs are its draws by their own names, or a picture
 * `given` where it makes pictures from pictures, and the cells it reads, with averages where there
 * are some.
 */
export function traceGenerator(system: System, options: TraceOptions): Tensor {
  const { samples, translates } = system;
  if (translates !== undefined) return traceTranslator(system, { ...options, count: exportCount });
  if (samples === undefined) {
    const why = "makes nothing: there is no generator";
    throw new ConfigurationError({ op: system.name, why });
  }
  return locate(system.name, () => new Tracer(system, options).generator(samples));
}

/** What each player minimizes, by the names of its terms; far quicker than the graphs of its moves. */
export const traceTerms = (
  system: System,
  options: TraceOptions,
): Readonly<Record<string, readonly string[]>> =>
  locate(system.name, () => new Tracer(system, options).terms());

/** Tensors of a system's networks as a program; inputs are fed that begin with `draw.`. */
export function traceExpression(
  system: System,
  options: TraceOptions,
  returned: (networks: AnyView) => Readonly<Record<string, Tensor>>,
): Program {
  return locate(system.name, () => new Tracer(system, options).expression(returned));
}

class Tracer {
  private readonly system: System;
  private readonly data: DataDescription;
  private readonly owned: Readonly<Record<string, Owned>>;
  private readonly players: Readonly<Record<string, AnyPlayer>>;
  private readonly draws: Draws;
  private readonly parameters: Readonly<Record<string, Kept>>;
  private readonly state: Readonly<Record<string, Kept>>;
  /** Weights of frozen networks. */
  private readonly known: Readonly<Record<string, KnownTensor>>;
  private readonly averages: Readonly<Record<string, Average | undefined>>;
  private readonly batch: number;
  private readonly group: number;
  private readonly hyper: Values;
  private readonly products: boolean;
  private readonly inputs = new Map<string, Tensor>();
  private readonly rollouts: readonly TracedRollout[];
  /** What was lived, by environment. */
  private readonly lived: Readonly<Record<string, Trajectory>>;

  constructor(system: System, { hyper, data, products = true }: TraceOptions) {
    this.products = products;
    this.system = system;
    this.data = data;
    this.hyper = hyper;
    this.batch = Number(hyper.batch);
    this.group = Number(hyper.group);
    if (this.batch % this.group !== 0) {
      const why = `${this.group} does not divide the batch of ${this.batch}`;
      throw new ConfigurationError({ op: "hyper.group", why });
    }
    this.owned = system.networks(hyper, data);
    checkNames(Object.keys(this.owned));
    this.draws = system.chance(hyper, sourceOf(data));
    this.players = system.players(hyper, data);
    this.parameters = keptBy(this.owned, "parameters");
    this.state = keptBy(this.owned, "state");
    this.known = knownBy(this.owned);
    this.averages = system.averages(hyper);
    for (const [name, player] of Object.entries(this.players))
      checkPlayer(name, player, this.owned);
    checkAverages(this.averages, this.players);
    this.rollouts = traceRollouts(system.environments(hyper, data), {
      ...{ batch: this.batch, group: this.group, draws: this.draws },
      view: () => this.view({ training: false }),
      drawn: () => this.drawn(this.group),
    });
    this.lived = Object.fromEntries(this.rollouts.map(({ plan, lived }) => [plan.name, lived]));
  }

  terms(): Record<string, readonly string[]> {
    const entries = Object.entries(this.players).map(([name, player]) => {
      const view = this.view({ training: true, uniform: this.luck({}, () => name) });
      const draws = { ...this.drawn(this.group), ...this.lived };
      return [name, Object.keys(player.minimizes(view, draws, clockOf()))];
    });
    return Object.fromEntries(entries);
  }

  plan(): Plan {
    const turns = Object.keys(this.players).map((name) => locate(name, () => this.turn(name)));
    const phases = this.system.phases(this.hyper) ?? [
      { name: "play", players: Object.keys(this.players) },
    ];
    const [sample, verdict] = [this.sample(), this.verdict()];
    const translation = this.translation();
    return {
      system: this.system.name,
      batch: this.batch,
      group: this.group,
      cells: this.cells(),
      draws: this.draws,
      turns,
      phases: phases.map(({ copies, ...phase }) => ({
        ...{ ...phase, until: phase.until ?? Number.POSITIVE_INFINITY },
        ...(copies === undefined ? {} : { copies: this.copied(phase.name, copies) }),
      })),
      simultaneous: this.system.simultaneous,
      item: this.data.shape,
      rollouts: this.rollouts.map(({ plan }) => plan),
      ...{ sample, verdict, translation },
    };
  }

  /** Which cells become copies of which, when networks become copies of others. */
  private copied(
    phase: string,
    copies: Readonly<Record<string, string | undefined>>,
  ): Readonly<Record<string, string>> {
    const kept = { ...this.parameters, ...this.state };
    const pairs = Object.entries(copies).flatMap(([copy, original = ""]) => {
      const cells = Object.keys(kept).filter((name) => networkOf(name) === copy);
      checkCopy(phase, { copy, original, cells, kept });
      return cells.flatMap((cell) => {
        const from = `${original}${cell.slice(copy.length)}`;
        const used = cell in this.parameters && this.isAveraged(from) ? averageName(from) : from;
        const average = cell in this.parameters && this.isAveraged(cell) ? [averageName(cell)] : [];
        return [cell, ...average].map((to) => [to, used] as const);
      });
    });
    return Object.fromEntries(pairs);
  }

  private cells(): CellPlan[] {
    const cells: CellPlan[] = [];
    const keep = (all: Readonly<Record<string, Kept>>): void => {
      for (const [name, { shape, initial }] of Object.entries(all))
        cells.push({ name, shape, initial });
    };
    keep(this.parameters);
    keep(this.state);
    // Those layers of a frozen network that somebody looks at.
    for (const [name, weight] of Object.entries(this.known)) {
      if (!this.inputs.has(name)) continue;
      // Who only makes something has no use for the numbers, which may be many.
      const initial = {
        kind: "known" as const,
        get values() {
          return weight.values;
        },
      };
      cells.push({ name, shape: weight.shape, initial });
    }
    for (const { plan } of this.rollouts) {
      const cell = { name: worldsName(plan.name), shape: [keptSize(plan)] };
      cells.push({ ...cell, initial: { kind: "constant", value: 0 } });
    }
    for (const [mover, player] of Object.entries(this.players)) {
      const { learner } = player;
      if ("search" in learner && "cuts" in learner.search) {
        const names = this.ownedBy(player);
        checkQuadratic(mover, learner.search.quadratic, names);
        const total = names.reduce((sum, n) => sum + sizeOf(this.parameters[n]!.shape), 0);
        const shape = [learner.search.cuts + 1, total + 2];
        cells.push({ name: cutsName(mover), shape, initial: { kind: "constant", value: 0 } });
      }
      for (const name of this.ownedBy(player)) {
        const { shape } = this.parameters[name]!;
        // Each player's own: two may move the same network, as in phases that follow each other.
        for (const slot of player.learner.slots) {
          cells.push({
            name: slotName(mover, name, slot),
            shape,
            initial: { kind: "constant", value: 0 },
          });
        }
        const average = averageName(name);
        if (this.isAveraged(name) && !cells.some((cell) => cell.name === average)) {
          cells.push({ name: average, shape, initial: { kind: "copy", of: name } });
        }
      }
    }
    return cells;
  }

  /** One object for each parameter, since gradients are taken with respect to objects. */
  private parameter(name: string): Tensor {
    const known = this.inputs.get(name);
    if (known !== undefined) return known;
    const made = input(name, (this.parameters[name] ?? this.known[name]!).shape);
    this.inputs.set(name, made);
    return made;
  }

  /** Full names of the parameters that a player moves. */
  private ownedBy(player: AnyPlayer): string[] {
    return Object.keys(this.parameters).filter((name) => player.owns.includes(networkOf(name)));
  }

  private isAveraged(parameter: string): boolean {
    return this.averages[networkOf(parameter)] !== undefined;
  }

  private turn(name: string): TurnPlan {
    const player = this.players[name]!;
    const every = player.every ?? {};
    const length = Object.values(every).reduce(leastCommonMultiple, 1);
    const keys: string[] = [];
    const variants: TurnVariant[] = [];
    const pattern = Array.from({ length }, (_, move) => {
      const resting = Object.keys(every).filter((term) => move % every[term]! !== 0);
      const key = resting.join();
      if (!keys.includes(key)) {
        keys.push(key);
        variants.push(this.variant(name, resting));
      }
      return keys.indexOf(key);
    });
    return { player: name, repeats: player.turns ?? 1, pattern, variants };
  }

  private variant(name: string, resting: readonly string[]): TurnVariant {
    const player = this.players[name]!;
    const every = player.every ?? {};
    const updates = new Map<string, Tensor>();
    const chance: Record<string, Draw> = {};
    const { learner } = player;
    checkResponses(name, player);
    const view = this.view({
      training: true,
      updates,
      uniform: this.luck(chance, (network) => `${name}.${network}.${resting.join("+")}`),
    });
    const draws = { ...this.drawn(this.group), ...this.lived };
    const clock = clockOf();
    const names = this.ownedBy(player);
    const owned = names.map((n) => this.parameter(n));
    const individuals =
      "evolves" in learner
        ? checkPopulation(
            owned.map(({ shape }) => shape),
            learner.evolves.parents,
          )
        : undefined;
    const terms = checkTerms(player.minimizes(view, draws, clock), individuals);
    checkLazy(every, terms);
    const watches = checkTerms(player.watches?.(view, draws, clock) ?? {});
    const active = Object.entries(terms).filter(([term]) => !resting.includes(term));
    checkActive(every, active.length);
    const loss = active
      .map(([term, value]) => value.times(every[term] ?? 1))
      .reduce((a, b) => a.plus(b), constant(0));
    const weights = active.map(([term]) => every[term] ?? 1);
    const shown = (value: Tensor): Tensor => (individuals === undefined ? value : mean(value));
    const report = [...active.map(([, value]) => shown(value)), ...Object.values(watches)];
    const reportedTerms = active.map(([term]) => `${name}.${term}`);
    const reportedWatches = Object.keys(watches).map((watch) => `${name}.${watch}`);
    const reported = [...reportedTerms, ...reportedWatches];
    const responses = player.responds?.(view, draws, clock);
    const slopes =
      individuals !== undefined
        ? [loss]
        : responses !== undefined
          ? names.map((n) => this.response(n, responses))
          : gradients(loss, owned);
    const sizes = owned.map(({ shape }) => sizeOf(shape));
    return {
      terms: reportedTerms,
      watches: reportedWatches,
      ...programsOf(
        { player: name, learner, report, reported, weights, names, sizes, slopes, updates, clock },
        {
          ...{ batch: this.batch, group: this.group, products: this.products },
          averageOf: (n) => this.averages[networkOf(n)],
        },
      ),
      chance,
    };
  }

  /** Numbers that layers draw by chance: a draw of its own for each that asks. */
  private luck(
    chance: Record<string, Draw>,
    nameOf: (network: string) => string,
  ): Binding["uniform"] {
    return (network, shape) => {
      const inner = `${nameOf(network)}${Object.keys(chance).length}`;
      const each = Math.ceil(sizeOf(shape) / this.group);
      chance[inner] = uniform(each);
      const all = reshape(input(drawPort(inner), [this.group, each]), [this.group * each]);
      return reshape(slice(all, [{ end: sizeOf(shape) }]), shape);
    };
  }

  /** What a player with a closed form says that a tensor it owns becomes. */
  private response(name: string, responses: Readonly<Record<string, Tensor>>): Tensor {
    const { shape } = this.parameters[name]!;
    const said = responses[name];
    if (said !== undefined && sameShape(said.shape, shape)) return said;
    const operands = [{ label: name, value: shape }];
    if (said !== undefined) operands.push({ label: "responds", value: said.shape });
    const why = said === undefined ? `does not say what ${name} becomes` : "has another shape";
    throw new ShapeError({ op: "responds", why, operands });
  }

  generator(
    samples: NonNullable<System["samples"]>,
    size = exportCount,
    portOf: (draw: string) => string = (draw) => draw,
  ): Tensor {
    const view = this.view({ training: false, averaged: true });
    const { hyper, data } = this;
    return locate("samples", () => samples(view, this.drawn(size, portOf), { hyper, data }));
  }

  /** Tensors of the networks as they are used outside of training, as a program. */
  expression(returned: (networks: AnyView) => Readonly<Record<string, Tensor>>): Program {
    const view = this.view({ training: false, averaged: true });
    return wire(returned(view), new Map(), { products: this.products });
  }

  private sample(): Plan["sample"] {
    const { samples } = this.system;
    if (samples === undefined) return undefined;
    const made = this.generator(samples, sampleCount, drawPort);
    const shape = made.shape.slice(1);
    return {
      count: sampleCount,
      shape,
      program: wire({ samples: made }, new Map(), { products: this.products }),
    };
  }

  private translation(): Plan["translation"] {
    const { system, hyper, data, products } = this;
    if (system.translates === undefined) return undefined;
    const options = { hyper, data, count: sampleCount, products };
    const { count, from, to, program } = traceTranslation(system, options);
    return { count, from, shape: to, program };
  }

  private verdict(): Plan["verdict"] {
    const { verdict } = this.system;
    if (verdict === undefined) return undefined;
    const view = this.view({ training: false });
    const items = input("items", [verdictCount, ...this.data.shape]);
    const { hyper, data } = this;
    const said = locate("verdict", () => verdict(view, items, { hyper, data }));
    const logits = reshape(said, [verdictCount]);
    return {
      count: verdictCount,
      program: wire({ logits }, new Map(), { products: this.products }),
    };
  }

  private drawn(size: number, portOf = drawPort): Readonly<Record<string, Tensor>> {
    const entries = Object.entries(this.draws).map(([name, draw]) => [
      name,
      input(portOf(name), [rowsOf(draw, size), ...draw.shape], draw.type),
    ]);
    return Object.fromEntries(entries);
  }

  private view({
    training,
    averaged = false,
    updates = new Map(),
    uniform: fresh = noChance,
  }: {
    readonly training: boolean;
    readonly averaged?: boolean;
    readonly updates?: Map<string, Tensor>;
    readonly uniform?: Binding["uniform"];
  }): AnyView {
    return bind(this.owned, {
      parameter: (name) =>
        averaged && this.isAveraged(name)
          ? input(averageName(name), this.parameters[name]!.shape)
          : this.parameter(name),
      state: (name) => updates.get(name) ?? input(name, this.state[name]!.shape),
      update: (name, value) => updates.set(name, value),
      training,
      uniform: fresh,
    });
  }
}

const clockOf = (): Clock => ({
  progress: input(clockPorts.progress, []),
  moves: input(clockPorts.moves, []),
});

/** Samples and verdicts depend on what is given alone. */
const noChance: Binding["uniform"] = (network) => {
  throw new ShapeError({ op: network, why: "draws by chance outside of training" });
};

const networkOf = (parameter: string): string => parameter.split(".")[0]!;

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (a * b) / divisor(a, b);
}
