import { Held, type Loaded, type Memory } from "../runtime/memory.js";
import { BelamyError, type ErrorFacts } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { sizeOf } from "../shape/shape.js";
import type { TypedArray } from "../shape/type.js";
import { Dealer, type Items, type Place } from "./dealer.js";
import type { Environment } from "./environment.js";
import type { Exchange } from "./exchange.js";
import { initialState, sharedState } from "./initial-state.js";
import { generation } from "./learners/evolution.js";
import { searchTurn } from "./learners/search-turn.js";
import { enterPhase } from "./phases.js";
import {
  changingCells,
  clockPorts,
  drawPort,
  type EvolutionPlan,
  knownCells,
  lifePort,
  type Plan,
  programsIn,
  reportSize,
  type SearchPlan,
  type TurnPlan,
  type TurnVariant,
} from "./plan.js";
import { type Life, livesOf } from "./rollouts.js";
import { Shows } from "./shows.js";
import type { Draws } from "./system.js";

/** Where a run is: with the cells and the seed, everything that the next round depends on. */
export interface Position {
  /** Rounds played. */
  round: number;
  /** Items of data dealt. */
  dealt: number;
  /** How often each player moved. */
  moves: Record<string, number>;
  /** Which phase was last entered, where phases copy networks; the first is 0. */
  phase?: number;
}

/** What one round reported: terms and watches by full name, the mean over repeated turns. */
export interface RoundReport {
  readonly terms: Readonly<Record<string, number>>;
  readonly watches: Readonly<Record<string, number>>;
}

/** A term that is not a finite number: the run stops there. */
export class NonFinite extends BelamyError {
  override readonly name: string = "NonFinite";

  /** One sentence: `D.r1 became NaN in round 812; last 0.021`. */
  constructor(facts: ErrorFacts) {
    super(facts);
    this.message = `${facts.op} ${facts.why}`;
  }
}

export interface ReplicaOptions {
  readonly plan: Plan;
  readonly memory: Memory;
  readonly data: Items;
  readonly seed: number;
  readonly exchange: Exchange;
  /** Deals the batches; one of its own by default. */
  readonly dealer?: Pick<Dealer, "allocate" | "deal" | "pick">;
  /** What answers the players, by the names of the plan's rollouts. */
  readonly environments?: Readonly<Record<string, Environment>>;
}

/** A turn that was taken, and what it reported: numbers, or what the device still has of them. */
interface Taken {
  readonly turn: TurnPlan;
  readonly variant: TurnVariant;
  readonly report: Float32Array | Held;
}

interface LoadedVariant {
  readonly variant: TurnVariant;
  /** What its first graph is fed by chance. */
  readonly draws: Draws;
  readonly arrays: Readonly<Record<string, TypedArray>>;
  readonly first: Loaded;
  readonly update: Loaded | undefined;
  /** The environments that its first graph sees something of. */
  readonly lives: readonly Life[];
}

/**
 * Plays a plan: holds the whole state, computes its share of each batch, makes every move.
 *
 * @example
 * const points = { kind: "points", shape: [2], classes: 8, count: 1000 } as const;
 * const plan = trace(zoo.gan, { hyper: settle(zoo.gan.hyper, { width: 16 }), data: points });
 * const [items, memory] = [data.ring({ count: 1000 }), new Memory({ device: "cpu" })];
 * const replica = new Replica({ plan, memory, data: items, seed: 3, exchange: alone(1, 0) });
 * await replica.start();
 * const { terms } = await replica.round(0);
 * Object.keys(terms); // → ["D.real","D.fake","G.fooling"]
 * (await replica.samples(5)).length; // → 10
 * await memory.release();
 */
export class Replica {
  /** Where the run is. */
  readonly position: Position = { round: 0, dealt: 0, moves: {} };
  private readonly plan: Plan;
  private readonly memory: Memory;
  private readonly dealer: NonNullable<ReplicaOptions["dealer"]>;
  private readonly seed: number;
  private readonly exchange: Exchange;
  private readonly turns = new Map<string, readonly LoadedVariant[]>();
  private readonly lives: ReadonlyMap<string, Life>;
  private readonly progress = new Float32Array(1);
  private readonly moves = new Float32Array(1);
  private last: Readonly<Record<string, number>> = {};
  /** What searches found while all move at once, to be written when all have. */
  private found: (() => Promise<void>)[] = [];
  private readonly shows: Shows;

  constructor({ plan, memory, data, seed, exchange, dealer, environments }: ReplicaOptions) {
    this.plan = plan;
    this.memory = memory;
    this.seed = seed;
    this.exchange = exchange;
    this.dealer = dealer ?? new Dealer(data, seed);
    this.shows = new Shows({ plan, memory, dealer: this.dealer });
    this.lives = livesOf({ plan, memory, seed, dealer: this.dealer }, environments ?? {});
  }

  /** Fills every cell and compiles every graph; with `state`, goes on from there. */
  async start(state?: Readonly<Record<string, Float32Array>>, position?: Position): Promise<void> {
    const values = state === undefined ? this.first() : { ...state, ...knownCells(this.plan) };
    for (const { name, shape, initial } of this.plan.cells) {
      if (values[name] === undefined) continue;
      const fixed = initial.kind === "known";
      this.memory.put({ name, shape, type: "float32" }, values[name], { fixed });
    }
    if (position !== undefined) Object.assign(this.position, structuredClone(position));
    for (const life of this.lives.values()) await life.start();
    for (const turn of this.plan.turns) {
      this.turns.set(turn.player, await Promise.all(turn.variants.map((v) => this.load(v))));
    }
  }

  /** Every player takes its turns once; `progress` is from 0 to 1. */
  async round(progress: number): Promise<RoundReport> {
    const { plan, memory, position } = this;
    const phase = await enterPhase({ plan, memory, position }, progress);
    const report = await this.play(phase.players, progress);
    this.position.round++;
    return report;
  }

  /** One player takes its turns of a round, and no other moves; that is no round. */
  async only(player: string, progress: number): Promise<RoundReport> {
    return await this.play([player], progress);
  }

  /** The whole state, by cell, but what never changes. */
  async state(): Promise<Record<string, Float32Array>> {
    const state: Record<string, Float32Array> = {};
    for (const { name } of changingCells(this.plan)) {
      state[name] = (await this.memory.get(name)) as Float32Array; // every cell is float32
    }
    return state;
  }

  /** Samples on draws that depend on the seed and `purpose` alone: `count` items, one after another. */
  samples(count: number, purpose = "fixed"): Promise<Float32Array> {
    return this.shows.samples(count, purpose);
  }

  /** Real items chosen at random, one after another, as the game sees them. */
  realItems(count: number, random: Random): Float32Array {
    return this.dealer.pick(count, { size: sizeOf(this.plan.item), random });
  }

  /** Logits of items being real; `undefined` when nobody judges in this game. */
  logits(items: Float32Array): Promise<Float32Array | undefined> {
    return this.shows.logits(items);
  }

  private first(): Record<string, Float32Array> {
    const { plan, seed, exchange } = this;
    return exchange.replicas === 1 ? initialState(plan, seed) : sharedState(plan, seed, exchange);
  }

  private async play(players: readonly string[], progress: number): Promise<RoundReport> {
    this.progress[0] = progress;
    const { simultaneous } = this.plan;
    const taken: Taken[] = [];
    for (const player of players) {
      const turn = this.plan.turns.find((t) => t.player === player)!;
      for (let k = 0; k < turn.repeats; k++) taken.push(await this.turn(turn));
    }
    if (simultaneous) {
      this.memory.settle();
      for (const write of this.found) await write();
      this.found = [];
      this.position.dealt += this.plan.batch;
    }
    const report = await this.reported(taken);
    this.last = { ...this.last, ...report.terms };
    return report;
  }

  /** What turns reported: the mean over each player's. A device is waited for here and nowhere else. */
  private async reported(taken: readonly Taken[]): Promise<RoundReport> {
    const held = taken.flatMap(({ report, variant }) =>
      report instanceof Held ? [{ held: report, count: reportSize(variant) }] : [],
    );
    const fetched = [...(await this.memory.fetch(held))];
    for (const { held: left } of held) left.release();
    const terms: Record<string, number> = {};
    const watches: Record<string, number> = {};
    for (const { turn, variant, report } of taken) {
      const numbers = report instanceof Held ? fetched.shift()! : report;
      if (report instanceof Held) this.check(variant.terms, numbers);
      variant.terms.forEach((name, i) => {
        terms[name] = (terms[name] ?? 0) + numbers[i]! / turn.repeats;
      });
      variant.watches.forEach((name, i) => {
        watches[name] = (watches[name] ?? 0) + numbers[variant.terms.length + i]! / turn.repeats;
      });
    }
    return { terms, watches };
  }

  private async load(variant: TurnVariant): Promise<LoadedVariant> {
    const { programs, chance } = variant;
    const [program, update] = programsIn(variant);
    const held = this.holds && (programs.kind === "whole" || programs.kind === "grouped");
    const isFed = (draw: string): boolean =>
      program.feeds.some((port) => port.name === drawPort(draw));
    const draws = Object.fromEntries(
      Object.entries({ ...this.plan.draws, ...chance }).filter(([name]) => isFed(name)),
    );
    return {
      variant,
      draws,
      arrays: this.dealer.allocate(draws, this.plan.group),
      first: await this.memory.load(program, { held }),
      update: update && (await this.memory.load(update)),
      lives: [...this.lives.entries()]
        .filter(([name]) => program.feeds.some((port) => port.name.startsWith(lifePort(name, ""))))
        .map(([, life]) => life),
    };
  }

  private async turn(turn: TurnPlan): Promise<Taken> {
    const { position, plan } = this;
    const before = position.moves[turn.player] ?? 0;
    const chosen = this.turns.get(turn.player)![turn.pattern[before % turn.pattern.length]!]!;
    const { variant } = chosen;
    const { programs } = variant;
    this.moves[0] = before + 1;
    const report =
      programs.kind === "whole"
        ? await this.whole(turn, chosen)
        : programs.kind === "grouped"
          ? await this.grouped(turn, chosen)
          : programs.kind === "evolved"
            ? await this.evolved(turn, chosen, programs.evolution)
            : await this.searched(turn, chosen, programs.search);
    if (!(report instanceof Held)) this.check(variant.terms, report);
    position.moves[turn.player] = before + 1;
    if (!plan.simultaneous) position.dealt += plan.batch;
    // Copied, since the next run reuses what it hands back.
    const kept = report instanceof Held ? report : report.slice(0, reportSize(variant));
    return { turn, variant, report: kept };
  }

  /** Whether reports and gradients stay on the device while a round lasts. */
  private get holds(): boolean {
    return this.memory.holds && this.exchange.replicas === 1;
  }

  private async whole(turn: TurnPlan, chosen: LoadedVariant): Promise<Float32Array | Held> {
    const feeds = { ...(await this.feeds(turn, chosen, 0)), ...this.clock() };
    const defer = this.plan.simultaneous;
    if (this.holds) return (await chosen.first.hold(feeds, { defer })).report!;
    const { report } = await chosen.first.run(feeds, { defer });
    return report as Float32Array; // as traced
  }

  private async grouped(turn: TurnPlan, chosen: LoadedVariant): Promise<Float32Array | Held> {
    const flat = this.holds ? await this.heldRow(turn, chosen) : await this.row(turn, chosen);
    await chosen.update!.run({ ...this.clock(), flat }, { defer: this.plan.simultaneous }); // as traced
    return flat;
  }

  /** Every replica makes the same search, since all see the same rows. */
  private async searched(
    turn: TurnPlan,
    chosen: LoadedVariant,
    plan: SearchPlan,
  ): Promise<Float32Array> {
    const { memory } = this;
    const first = await this.row(turn, chosen);
    this.check(chosen.variant.terms, first);
    const reported = reportSize(chosen.variant);
    const look = () => this.row(turn, chosen);
    const { player } = turn;
    const next = await searchTurn({ player, plan, memory, first, reported, look });
    const clock = Object.entries(this.clock()).map(([port, value]) => [port, value.slice()]);
    const write = async (): Promise<void> => {
      for (const [name, values] of next) memory.put(memory.portOf(name), values);
      await chosen.update?.run({ ...Object.fromEntries(clock), flat: first });
    };
    if (this.plan.simultaneous) this.found.push(write);
    else await write();
    return first;
  }

  /** Values everybody, and breeds the next generation. */
  private async evolved(
    turn: TurnPlan,
    chosen: LoadedVariant,
    plan: EvolutionPlan,
  ): Promise<Float32Array> {
    const { memory, seed, position } = this;
    const { player } = turn;
    const row = await this.row(turn, chosen);
    this.check(chosen.variant.terms, row);
    const next = await generation({
      ...{ player, plan, memory },
      losses: row.subarray(reportSize(chosen.variant)),
      random: new Random({
        seed,
        purpose: `${player} breeds`,
        at: [position.moves[player] ?? 0],
      }),
    });
    const write = async (): Promise<void> => {
      for (const [name, values] of next) memory.put(memory.portOf(name), values);
    };
    if (this.plan.simultaneous) this.found.push(write);
    else await write();
    return row;
  }

  /** The mean over the groups of a turn: its report, its gradients, its state. */
  private async row(turn: TurnPlan, chosen: LoadedVariant): Promise<Float32Array> {
    const { variant, first } = chosen;
    const groups = this.plan.batch / this.plan.group;
    const { index, replicas } = this.exchange;
    for (let group = index; group < groups; group += replicas) {
      const feeds = await this.feeds(turn, chosen, group);
      const { flat } = await first.run({ ...feeds, ...this.clock() });
      this.exchange.slot(group).set(flat as Float32Array); // as traced
    }
    // Copied, since a session refuses memory that threads share.
    return this.exchange.average(groups, variant.flatSize).slice(0, variant.flatSize);
  }

  /** The same on a device, where the rows stay. */
  private async heldRow(turn: TurnPlan, chosen: LoadedVariant): Promise<Held> {
    const rows: Held[] = [];
    for (let group = 0; group < this.plan.batch / this.plan.group; group++) {
      const feeds = await this.feeds(turn, chosen, group);
      rows.push((await chosen.first.hold({ ...feeds, ...this.clock() })).flat!);
    }
    return await this.memory.mean(rows);
  }

  private clock(): Record<string, TypedArray> {
    return { [clockPorts.progress]: this.progress, [clockPorts.moves]: this.moves };
  }

  /** What one group of a turn is fed: what chance supplies, and what was lived in environments. */
  private async feeds(
    turn: TurnPlan,
    { draws, arrays, lives }: LoadedVariant,
    group: number,
  ): Promise<Readonly<Record<string, TypedArray>>> {
    const { position, plan } = this;
    const together = plan.simultaneous;
    const place: Place = {
      purpose: together ? "round" : turn.player,
      turn: together ? position.round : (position.moves[turn.player] ?? 0),
      ...{ group, dealt: position.dealt },
    };
    this.dealer.deal(draws, arrays, place);
    if (lives.length === 0) return arrays;
    return Object.assign({}, arrays, ...(await Promise.all(lives.map((life) => life.at(place)))));
  }

  private check(names: readonly string[], report: Float32Array): void {
    names.forEach((name, i) => {
      const value = report[i]!;
      if (Number.isFinite(value)) return;
      const said = Number.isNaN(value) ? "NaN" : "infinite";
      const last = this.last[name];
      const before = last === undefined ? "" : `; last ${Number(last.toPrecision(4))}`;
      const why = `became ${said} in round ${this.position.round + 1}${before}`;
      throw new NonFinite({ op: name, why });
    });
  }
}
