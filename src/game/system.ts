import type { FrozenNetwork } from "../nn/features.js";
import type { Clock } from "../nn/optimizers.js";
import { ConfigurationError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Conclusion, Look } from "./conclusion.js";
import type { DataDescription, DataSource, Draw } from "./draws.js";
import type { Rollout, Trajectory } from "./environment.js";
import { type Hyper, type HyperParameter, settle, type ValuesOf } from "./hyper.js";
import type { Learner } from "./learners/search.js";
import { build, type Owned, type OwnedName, type View } from "./network.js";

/** Where a system was published. */
export interface Citation {
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  readonly arxiv?: string;
  readonly url?: string;
  /** Where in the paper: sections, equations, algorithms. */
  readonly at: string;
}

/** A default that differs from the paper's. */
export interface Departure {
  readonly from: string;
  readonly to: string | number;
  readonly because: string;
}

export type Draws = Readonly<Record<string, Draw>>;
/** The draws of one turn, as tensors `[b …]`, and what was lived in environments. */
export type Drawn<C extends Draws, E extends string = never> = {
  readonly [K in keyof C]: Tensor;
} & { readonly [K in E]: Trajectory };
/**
 * Named scalars `[]`: what a player minimizes the sum of, or what is only watched. A learner that
 * evolves a population minimizes one number for each individual: its terms are `[individuals]`.
 */
export type Terms = Readonly<Record<string, Tensor>>;

/** Owns networks or free tensors; minimizes the sum of its terms with respect to those alone. */
export interface Player<
  N extends Readonly<Record<string, Owned>>,
  C extends Draws,
  E extends string = never,
> {
  readonly owns: readonly OwnedName<N>[];
  readonly learner: Learner;
  /** Turns it takes in one round. */
  readonly turns?: number;
  /** Terms that count only every so many turns, and then that many times: lazy regularization. */
  readonly every?: Readonly<Record<string, number>>;
  minimizes(networks: View<N>, draws: Drawn<C, E>, clock: Clock): Terms;
  /** Named scalars that are reported and never minimized. */
  watches?(networks: View<N>, draws: Drawn<C, E>, clock: Clock): Terms;
  /** With the learner `bestResponse`: what is owned, by its name, once this player has moved. */
  responds?(
    networks: View<N>,
    draws: Drawn<C, E>,
    clock: Clock,
  ): { readonly [K in keyof N]?: Tensor };
}

/** A stretch of a run in which some players move. */
export interface Phase<P extends string, N extends string = string> {
  readonly name: string;
  /** Progress, from 0 to 1, at which the next phase begins; the last one has none. */
  readonly until?: number;
  /** Who moves, in this order. */
  readonly players: readonly P[];
  /**
   * Networks that become copies of others when the phase is entered, `{ copy: original }`: what one
   * phase taught is kept beside what the next one makes of it. Of an averaged network the average is
   * copied.
   */
  readonly copies?: { readonly [K in N]?: N };
}

/** Settings that have a name, such as the paper's own. */
export interface Preset<V> {
  /** What they are for. */
  readonly about: string;
  readonly hyper: V;
  /** The data that they are described for; what is played is what the user has. */
  readonly data?: DataDescription;
}

/** A moving average of a network's parameters, used for sampling. */
export interface Average {
  /** Items after which an old value counts half. */
  readonly halfLife: number;
  /** The half-life is at most this share of the items seen so far. */
  readonly rampUp?: number;
}

/** Every system has these. */
export type CommonHyper = Hyper & {
  readonly batch: HyperParameter<number>;
  readonly group: HyperParameter<number>;
  readonly rounds: HyperParameter<number>;
};

/** What networks are made with beside hyper-parameters and data. */
export interface Given {
  /** What the system `perceives` with, or what was given in its place: for `features`. */
  readonly perceived: FrozenNetwork;
}

/** What `defineSystem` takes: a paper's game as a record of values and functions. */
export interface Definition<
  H extends CommonHyper,
  N extends Readonly<Record<string, Owned>>,
  C extends Draws,
  P extends string,
  E extends string = never,
> {
  readonly cite: Citation;
  /** The game in symbols, one line each, as in the doc comment. */
  readonly equations: readonly string[];
  readonly departs?: readonly Departure[];
  readonly hyper: H;
  /** What it is played on when nobody says on what, as `belamy train` has it: `nothing`, `ring`. */
  readonly data?: string;
  /** Defaults that suit some data better, such as points rather than pictures. */
  readonly suits?: (data: DataDescription) => Partial<ValuesOf<H>>;
  /** Named settings beside the defaults: `paper`, `small`. */
  readonly presets?: Readonly<Record<string, Preset<Partial<ValuesOf<H>>>>>;
  /** The frozen network that losses perceive with, unless who plays the game gives another one. */
  readonly perceives?: (hyper: ValuesOf<H>, data: DataDescription) => FrozenNetwork;
  readonly networks: (hyper: ValuesOf<H>, data: DataDescription, given: Given) => N;
  readonly chance: (hyper: ValuesOf<H>, data: DataSource) => C;
  /** What answers the players: worlds, agents, robots. Drawn from as chance is, under these names. */
  readonly environments?: (
    hyper: ValuesOf<H>,
    data: DataDescription,
  ) => { readonly [K in E]: Rollout<NoInfer<N>, NoInfer<C>> };
  // A mapped type instead of Record: only so are N and C known inside of `minimizes`.
  readonly players: (
    hyper: ValuesOf<H>,
    data: DataDescription,
  ) => { readonly [K in P]: Player<N, C, E> };
  /** All players move from the same position on the same draws. */
  readonly simultaneous?: boolean;
  readonly phases?: (hyper: ValuesOf<H>) => readonly Phase<NoInfer<P>, NoInfer<keyof N & string>>[];
  readonly averages?: (hyper: ValuesOf<H>) => { readonly [K in keyof NoInfer<N>]?: Average };
  /** What the game makes, when it makes something: items like those of the data. */
  readonly samples?: (
    networks: View<NoInfer<N>>,
    draws: Drawn<NoInfer<C>>,
    settled: { readonly hyper: ValuesOf<H>; readonly data: DataDescription },
  ) => Tensor;
  /** The items that are drawn, with what is missing in them filled in: `[b …]`, when it can do that. */
  readonly fills?: (
    networks: View<NoInfer<N>>,
    draws: Drawn<NoInfer<C>>,
    settled: { readonly hyper: ValuesOf<H>; readonly data: DataDescription },
  ) => Tensor;
  /** A picture made from each given one, `[b c h w]`, when it makes pictures from pictures. */
  readonly translates?: (
    networks: View<NoInfer<N>>,
    given: Tensor,
    settled: { readonly hyper: ValuesOf<H>; readonly data: DataDescription },
  ) => Tensor;
  /** The shape of a given picture where it is not that of `data.given`: a quarter of an item's. */
  readonly translatesFrom?: (hyper: ValuesOf<H>, data: DataDescription) => Shape;
  /** Logits `[b]` of items being real, when somebody judges. */
  readonly verdict?: (
    networks: View<NoInfer<N>>,
    items: Tensor,
    settled: { readonly hyper: ValuesOf<H>; readonly data: DataDescription },
  ) => Tensor;
  /** What is to be said when the run has ended: its one number, and pictures that explain it. */
  readonly concludes?: (look: Look<NoInfer<N>, ValuesOf<H>>) => Promise<Conclusion>;
}

/** A published game with its paper's defaults, its inner types forgotten: what trainers work with. */
export interface System {
  readonly name: string;
  readonly cite: Citation;
  readonly equations: readonly string[];
  readonly departs: readonly Departure[];
  readonly hyper: CommonHyper;
  /** What it is played on when nobody says on what. */
  readonly data: string | undefined;
  readonly simultaneous: boolean;
  suits(data: DataDescription): Readonly<Record<string, unknown>>;
  readonly presets: Readonly<Record<string, Preset<Values>>>;
  /** What losses perceive with; undefined when they perceive nothing. */
  readonly perceives: ((hyper: Values, data: DataDescription) => FrozenNetwork) | undefined;
  /** The same system, perceiving with another network. */
  perceiving(network: FrozenNetwork): System;
  networks(hyper: Values, data: DataDescription): Readonly<Record<string, Owned>>;
  /** The same before their shapes are settled: who uses one of them need not fit the others. */
  unsettled(hyper: Values, data: DataDescription): Readonly<Record<string, Owned>>;
  chance(hyper: Values, data: DataSource): Draws;
  environments(hyper: Values, data: DataDescription): Readonly<Record<string, AnyRollout>>;
  players(hyper: Values, data: DataDescription): Readonly<Record<string, AnyPlayer>>;
  phases(hyper: Values): readonly Phase<string>[] | undefined;
  averages(hyper: Values): Readonly<Record<string, Average | undefined>>;
  readonly samples: Makes | undefined;
  readonly fills: Makes | undefined;
  readonly translates: Translates | undefined;
  translatesFrom(hyper: Values, data: DataDescription): Shape;
  readonly verdict: Translates | undefined;
  readonly concludes: ((look: AnyLook) => Promise<Conclusion>) | undefined;
}

/** Makes items of what is drawn: `[b …]`. */
export type Makes = (
  networks: AnyView,
  draws: AnyDrawn,
  settled: { readonly hyper: Values; readonly data: DataDescription },
) => Tensor;

/** Makes a picture from each given one. */
export type Translates = (
  networks: AnyView,
  given: Tensor,
  settled: { readonly hyper: Values; readonly data: DataDescription },
) => Tensor;

export type Values = Readonly<Record<string, number | string>>;
/** What is drawn in a turn, before it is known which of it was lived. */
export type AnyTurnDrawn = Readonly<Record<string, Tensor | Trajectory>>;
export interface AnyPlayer
  extends Omit<
    Player<Readonly<Record<string, Owned>>, Draws>,
    "minimizes" | "watches" | "responds"
  > {
  minimizes(networks: AnyView, draws: AnyTurnDrawn, clock: Clock): Terms;
  watches?(networks: AnyView, draws: AnyTurnDrawn, clock: Clock): Terms;
  responds?(networks: AnyView, draws: AnyTurnDrawn, clock: Clock): Terms;
}
export type AnyRollout = Rollout<Readonly<Record<string, Owned>>, Draws>;
export type AnyLook = Look<Readonly<Record<string, Owned>>, Values>;
export type AnyView = View<Readonly<Record<string, Owned>>>;
export type AnyDrawn = Drawn<Draws>;

/**
 * A game: networks, things drawn by chance, and players who minimize named terms over what they
 * own. Names are checked by the compiler: an unowned network, an undrawn draw or a mistyped
 * hyper-parameter does not compile.
 *
 * @example
 * const hyper = { batch: count(64, "points"), group: count(64, "points"), rounds: count(10, "rounds") };
 * const least = defineSystem("least-squares", {
 *   cite: { title: "Least Squares GANs", authors: "Mao et al.", year: 2017, at: "equation 9" },
 *   equations: ["D minimizes  E[(D(x) − 1)²] + E[D(G(z))²]", "G minimizes  E[(D(G(z)) − 1)²]"],
 *   hyper,
 *   networks: (_, { shape }) => ({
 *     G: network([2], chain(linear(32), relu, linear(sizeOf(shape)))),
 *     D: network(shape, chain(linear(32), relu, linear(1))),
 *   }),
 *   chance: (_, { items }) => ({ x: items, z: normal(2) }),
 *   players: () => ({
 *     D: {
 *       owns: ["D"],
 *       learner: adam(),
 *       minimizes: ({ G, D }, { x, z }) => ({
 *         real: mean(square(D(x).minus(1))),
 *         fake: mean(square(D(detach(G(z))))),
 *       }),
 *     },
 *     G: {
 *       owns: ["G"],
 *       learner: adam(),
 *       minimizes: ({ G, D }, { z }) => ({ fooling: mean(square(D(G(z)).minus(1))) }),
 *     },
 *   }),
 *   samples: ({ G }, { z }) => G(z),
 * });
 * least.name; // → "least-squares"
 */
export function defineSystem<
  const H extends CommonHyper,
  const N extends Readonly<Record<string, Owned>>,
  const C extends Draws,
  const P extends string,
  const E extends string = never,
>(name: string, definition: Definition<H, N, C, P, E>): System {
  // The trainer calls each function only with what the others returned, so N, C and P can be forgotten.
  return systemOf(name, definition as unknown as AnyDefinition);
}

/** A definition, its inner types forgotten. */
type AnyDefinition = Omit<System, "name" | "networks"> &
  Partial<System> & {
    networks(hyper: Values, data: DataDescription, given: Given): ReturnType<System["networks"]>;
  };

function systemOf(name: string, game: AnyDefinition, given?: FrozenNetwork): System {
  const { perceives } = game;
  const unsettled: System["unsettled"] = (hyper, data) =>
    game.networks(hyper, data, {
      get perceived() {
        if (perceives === undefined) throw perceivesNothing(name);
        return given ?? perceives(hyper, data);
      },
    });
  return {
    name,
    cite: game.cite,
    equations: game.equations,
    departs: game.departs ?? [],
    hyper: game.hyper,
    data: game.data,
    simultaneous: game.simultaneous ?? false,
    suits: (data) => game.suits?.(data) ?? {},
    presets: game.presets ?? {},
    perceives: perceives && ((hyper, data) => given ?? perceives(hyper, data)),
    perceiving(network) {
      if (perceives === undefined) throw perceivesNothing(name);
      return systemOf(name, game, network);
    },
    networks: (hyper, data) => build(unsettled(hyper, data)),
    unsettled,
    chance: (hyper, data) => game.chance(hyper, data),
    environments: (hyper, data) => game.environments?.(hyper, data) ?? {},
    players: (hyper, data) => game.players(hyper, data),
    phases: (hyper) => game.phases?.(hyper),
    averages: (hyper) => game.averages?.(hyper) ?? {},
    samples: game.samples,
    fills: game.fills,
    translates: game.translates,
    translatesFrom: (hyper, data) =>
      game.translatesFrom?.(hyper, data) ?? (data.given ?? data).shape,
    verdict: game.verdict,
    concludes: game.concludes,
  };
}

const perceivesNothing = (name: string): ConfigurationError =>
  new ConfigurationError({ op: "features", why: `${name} perceives with no network` });

/** The values of a run: the system's defaults for such data, changed by what the user gave. */
export const settleFor = (
  system: System,
  data: Pick<DataDescription, "kind" | "shape" | "count">,
  given: Readonly<Record<string, unknown>> = {},
): Values => settle(system.hyper, { ...system.suits({ classes: 0, ...data }), ...given });

/**
 * Settings of a system by their name.
 *
 * @throws {ConfigurationError} when it has none of that name; it says which there are.
 */
export function presetOf({ name, presets }: System, wanted: string): Preset<Values> {
  const found = Object.hasOwn(presets, wanted) ? presets[wanted] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(presets);
  const others = names.length === 0 ? "no presets" : `no ${wanted}, only ${names.join(", ")}`;
  throw new ConfigurationError({ op: "preset", why: `${name} has ${others}` });
}
