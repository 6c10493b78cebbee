import type { Kept } from "../nn/layer.js";
import type { Clock } from "../nn/optimizers.js";
import { type Lowered, lower } from "../onnx/lower.js";
import type { Program } from "../runtime/memory.js";
import { ConfigurationError, locate, ShapeError } from "../shape/error.js";
import { sizeOf } from "../shape/shape.js";
import { gradients } from "../tensor/gradients.js";
import { concatenate, exp, maximum, minimum, reshape, slice } from "../tensor/operations.js";
import { constant, input, type Tensor } from "../tensor/tensor.js";
import {
  checkActive,
  checkAverages,
  checkLazy,
  checkNames,
  checkPlayer,
  checkTerms,
} from "./check.js";
import { type DataDescription, type Draw, sourceOf, uniform } from "./draws.js";
import { type Binding, bind, keptBy, type Owned } from "./network.js";
import {
  type CellPlan,
  clockPorts,
  drawPort,
  type Plan,
  type TurnPlan,
  type TurnVariant,
} from "./plan.js";
import type { AnyPlayer, AnyView, Average, Draws, System, Values } from "./system.js";

/** Samples and verdicts are computed this many at a time. */
const sampleCount = 32;
const verdictCount = 16;
/** No other size of a network equals this one, so that it can be told apart and left free. */
const exportCount = 7919;

export interface TraceOptions {
  readonly hyper: Values;
  readonly data: DataDescription;
}

/**
 * Turns a system with its hyper-parameters and data into graphs, as plain data for any worker.
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
 * What a system makes, as a graph by itself: inputs are its draws by their own names and the cells
 * it reads, with averages where there are some.
 */
export function traceGenerator(system: System, options: TraceOptions): Tensor {
  return locate(system.name, () => new Tracer(system, options).generator());
}

/** What is kept of one owned tensor beside its own value. */
const averageName = (parameter: string): string => `average.${parameter}`;
const slotName = (player: string, parameter: string, slot: string): string =>
  `learner.${player}.${parameter}.${slot}`;

class Tracer {
  private readonly system: System;
  private readonly data: DataDescription;
  private readonly owned: Readonly<Record<string, Owned>>;
  private readonly players: Readonly<Record<string, AnyPlayer>>;
  private readonly draws: Draws;
  private readonly parameters: Readonly<Record<string, Kept>>;
  private readonly state: Readonly<Record<string, Kept>>;
  private readonly averages: Readonly<Record<string, Average | undefined>>;
  private readonly batch: number;
  private readonly group: number;
  private readonly hyper: Values;
  private readonly inputs = new Map<string, Tensor>();

  constructor(system: System, { hyper, data }: TraceOptions) {
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
    this.averages = system.averages(hyper);
    for (const [name, player] of Object.entries(this.players))
      checkPlayer(name, player, this.owned);
    checkAverages(this.averages, this.players);
  }

  plan(): Plan {
    const turns = Object.keys(this.players).map((name) => locate(name, () => this.turn(name)));
    const phases = this.system.phases(this.hyper) ?? [
      { name: "play", players: Object.keys(this.players) },
    ];
    return {
      system: this.system.name,
      batch: this.batch,
      group: this.group,
      cells: this.cells(),
      draws: this.draws,
      turns,
      phases: phases.map((p) => ({ ...p, until: p.until ?? Number.POSITIVE_INFINITY })),
      simultaneous: this.system.simultaneous,
      sample: this.sample(),
      verdict: this.verdict(),
    };
  }

  private cells(): CellPlan[] {
    const cells: CellPlan[] = [];
    const keep = (all: Readonly<Record<string, Kept>>): void => {
      for (const [name, { shape, initial }] of Object.entries(all))
        cells.push({ name, shape, initial });
    };
    keep(this.parameters);
    keep(this.state);
    for (const [mover, player] of Object.entries(this.players)) {
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
    const made = input(name, this.parameters[name]!.shape);
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
    const view = this.view({
      training: true,
      updates,
      uniform: (network, shape) => {
        const inner = `${name}.${network}.${resting.join("+")}${Object.keys(chance).length}`;
        const each = Math.ceil(sizeOf(shape) / this.group);
        chance[inner] = uniform(each);
        const all = reshape(input(drawPort(inner), [this.group, each]), [this.group * each]);
        return reshape(slice(all, [{ end: sizeOf(shape) }]), shape);
      },
    });
    const draws = this.drawn(this.group);
    const clock: Clock = {
      progress: input(clockPorts.progress, []),
      moves: input(clockPorts.moves, []),
    };
    const terms = checkTerms(player.minimizes(view, draws, clock));
    checkLazy(every, terms);
    const watches = checkTerms(player.watches?.(view, draws, clock) ?? {});
    const active = Object.entries(terms).filter(([term]) => !resting.includes(term));
    checkActive(every, active.length);
    const loss = active
      .map(([term, value]) => value.times(every[term] ?? 1))
      .reduce((a, b) => a.plus(b), constant(0));
    const names = this.ownedBy(player);
    const slopes = gradients(
      loss,
      names.map((n) => this.parameter(n)),
    );
    const report = [...active.map(([, value]) => value), ...Object.values(watches)];
    const states = [...updates.keys()];
    const rows = [
      ...report.map((value) => reshape(value, [1])),
      ...slopes.map((g) => reshape(g, [sizeOf(g.shape)])),
      ...states.map((s) => reshape(updates.get(s)!, [sizeOf(updates.get(s)!.shape)])),
    ];
    const flatSize = rows.reduce((n, row) => n + row.shape[0]!, 0);
    return {
      terms: active.map(([term]) => `${name}.${term}`),
      watches: Object.keys(watches).map((watch) => `${name}.${watch}`),
      programs:
        this.batch === this.group
          ? { kind: "whole", whole: this.whole(name, clock, { report, names, slopes, updates }) }
          : this.grouped(name, clock, { rows, report, names, states, flatSize }),
      chance,
      flatSize,
    };
  }

  /** Gradients and the move in one graph: nothing but the report leaves the device. */
  private whole(
    mover: string,
    clock: Clock,
    {
      report,
      names,
      slopes,
      updates,
    }: {
      readonly report: readonly Tensor[];
      readonly names: readonly string[];
      readonly slopes: readonly Tensor[];
      readonly updates: ReadonlyMap<string, Tensor>;
    },
  ): Program {
    const next = new Map(updates);
    this.moves(mover, { names, slopes, clock, next });
    return wire({ report: concatenate(report.map((value) => reshape(value, [1]))) }, next);
  }

  /** Gradients of one group in one row; and the move from the mean of such rows. */
  private grouped(
    mover: string,
    clock: Clock,
    {
      rows,
      report,
      names,
      states,
      flatSize,
    }: {
      readonly rows: readonly Tensor[];
      readonly report: readonly Tensor[];
      readonly names: readonly string[];
      readonly states: readonly string[];
      readonly flatSize: number;
    },
  ): TurnVariant["programs"] {
    const flat = input("flat", [flatSize]);
    let start = report.length;
    const take = (kept: Kept): Tensor => {
      const end = start + sizeOf(kept.shape);
      const part = reshape(slice(flat, [{ start, end }]), kept.shape);
      start = end;
      return part;
    };
    const next = new Map<string, Tensor>();
    const slopes = names.map((name) => take(this.parameters[name]!));
    this.moves(mover, { names, slopes, clock, next });
    for (const name of states) next.set(name, take(this.state[name]!));
    return {
      kind: "grouped",
      gradient: wire({ flat: concatenate(rows) }, new Map()),
      update: wire({}, next),
    };
  }

  /** Moves everything that a player owns along gradients that its learner may first see together. */
  private moves(
    mover: string,
    {
      names,
      slopes,
      clock,
      next,
    }: {
      readonly names: readonly string[];
      readonly slopes: readonly Tensor[];
      readonly clock: Clock;
      readonly next: Map<string, Tensor>;
    },
  ): void {
    const seen = this.players[mover]!.learner.together?.(slopes) ?? slopes;
    names.forEach((name, i) => {
      this.move(mover, { name, gradient: seen[i]!, clock, next });
    });
  }

  /** Writes the next value of one parameter, of what its learner remembers, and of its average. */
  private move(
    mover: string,
    {
      name,
      gradient,
      clock,
      next,
    }: {
      readonly name: string;
      readonly gradient: Tensor;
      readonly clock: Clock;
      readonly next: Map<string, Tensor>;
    },
  ): void {
    const { shape } = this.parameters[name]!;
    const { learner } = this.players[mover]!;
    const slots = Object.fromEntries(
      learner.slots.map((s) => [s, input(slotName(mover, name, s), shape)]),
    );
    const moved = learner.move({ parameter: input(name, shape), gradient, slots, clock });
    next.set(name, moved.parameter);
    for (const slot of learner.slots) next.set(slotName(mover, name, slot), moved.slots[slot]!);
    const average = this.averages[networkOf(name)];
    if (average === undefined) return;
    const share = keptShare(average, clock.moves, this.batch);
    const old = input(averageName(name), shape);
    next.set(
      averageName(name),
      old.times(share).plus(moved.parameter.times(constant(1).minus(share))),
    );
  }

  generator(size = exportCount, portOf: (draw: string) => string = (draw) => draw): Tensor {
    const view = this.view({ training: false, averaged: true });
    return locate("samples", () => this.system.samples(view, this.drawn(size, portOf)));
  }

  private sample(): Plan["sample"] {
    const made = this.generator(sampleCount, drawPort);
    const shape = made.shape.slice(1);
    return { count: sampleCount, shape, program: wire({ samples: made }, new Map()) };
  }

  private verdict(): Plan["verdict"] {
    const { verdict } = this.system;
    if (verdict === undefined) return undefined;
    const view = this.view({ training: false });
    const items = input("items", [verdictCount, ...this.data.shape]);
    const logits = locate("verdict", () => reshape(verdict(view, items), [verdictCount]));
    return { count: verdictCount, program: wire({ logits }, new Map()) };
  }

  private drawn(size: number, portOf = drawPort): Readonly<Record<string, Tensor>> {
    const entries = Object.entries(this.draws).map(([name, { shape, type }]) => [
      name,
      input(portOf(name), [size, ...shape], type),
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

/** Samples and verdicts depend on what is given alone. */
const noChance: Binding["uniform"] = (network) => {
  throw new ShapeError({ op: network, why: "draws by chance outside of training" });
};

const networkOf = (parameter: string): string => parameter.split(".")[0]!;

/** `0.5 ^ (batch / half-life)`, the half-life at most a share of what was seen so far. */
function keptShare({ halfLife, rampUp }: Average, moves: Tensor, batch: number): Tensor {
  const seen = moves.times(batch);
  const life = rampUp === undefined ? constant(halfLife) : minimum(seen.times(rampUp), halfLife);
  return exp(constant(Math.log(0.5) * batch).over(maximum(life, 1e-6)));
}

/** Connects a graph to memory: inputs named like clocks, draws or `flat` are fed, others are cells. */
function wire(
  returned: Readonly<Record<string, Tensor>>,
  written: ReadonlyMap<string, Tensor>,
): Program {
  const writes = [...written.keys()].map((cell, i) => ({ output: `next${i}`, cell }));
  const outputs = Object.fromEntries(
    writes.map(({ output, cell }) => [output, written.get(cell)!]),
  );
  const lowered: Lowered = lower({ ...returned, ...outputs });
  const isFed = (name: string): boolean => /^(draw\.|clock\.|flat$|items$)/.test(name);
  return {
    model: lowered.model,
    reads: lowered.inputs.map((port) => port.name).filter((name) => !isFed(name)),
    feeds: lowered.inputs.filter((port) => isFed(port.name)),
    writes,
    returns: lowered.outputs.filter((port) => port.name in returned),
  };
}

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (a * b) / divisor(a, b);
}
