import type { Initializer } from "../nn/initializers.js";
import type { Program } from "../runtime/memory.js";
import type { Shape } from "../shape/shape.js";
import type { ConvexSettings } from "./learners/convex.js";
import type { EvolutionSettings } from "./learners/evolution.js";
import type { SearchSettings } from "./learners/search.js";
import type { Draws } from "./system.js";

/** A game ready to be played: graphs and how they are wired, as plain data for any worker. */
export interface Plan {
  readonly system: string;
  /** Items in one turn's batch. */
  readonly batch: number;
  /** Items that terms see together; a batch is dealt in groups. */
  readonly group: number;
  /** Everything kept between rounds: parameters, what learners remember, statistics, averages. */
  readonly cells: readonly CellPlan[];
  readonly draws: Draws;
  readonly turns: readonly TurnPlan[];
  readonly phases: readonly PhasePlan[];
  readonly simultaneous: boolean;
  /** One item of the data. */
  readonly item: Shape;
  /** What is lived in environments. */
  readonly rollouts: readonly RolloutPlan[];
  readonly sample: SamplePlan | undefined;
  /** How a picture is made from a given one, `draw.given`, when the game does that. */
  readonly translation: TranslationPlan | undefined;
  readonly verdict: VerdictPlan | undefined;
}

export interface CellPlan {
  readonly name: string;
  readonly shape: Shape;
  /**
   * How it begins; averages begin as what they average. Known numbers never change, and stand in no
   * checkpoint.
   */
  readonly initial: Initializer | { readonly kind: "copy"; readonly of: string } | Known;
}

/** The weights of a frozen network. */
export interface Known {
  readonly kind: "known";
  /** Perhaps only there once they are asked for. */
  readonly values: Float32Array;
}

/** The numbers of those cells of a plan that never change: of all, or of some. */
export const knownCells = (
  { cells }: Pick<Plan, "cells">,
  some?: readonly string[],
): Record<string, Float32Array> =>
  Object.fromEntries(
    cells.flatMap(({ name, initial }) =>
      initial.kind === "known" && (some?.includes(name) ?? true) ? [[name, initial.values]] : [],
    ),
  );

/** The cells of a plan that do change: what checkpoints hold. */
export const changingCells = (plan: Pick<Plan, "cells">): readonly CellPlan[] =>
  plan.cells.filter(({ initial }) => initial.kind !== "known");

export interface PhasePlan {
  readonly name: string;
  readonly until: number;
  readonly players: readonly string[];
  /** Cells that become copies of others when it is entered, `{ copy: original }`. */
  readonly copies?: Readonly<Record<string, string>>;
}

export interface TurnPlan {
  readonly player: string;
  readonly repeats: number;
  /** Which variant each move uses, repeated: `variants[pattern[move % pattern.length]]`. */
  readonly pattern: readonly number[];
  readonly variants: readonly TurnVariant[];
}

/** A turn with some of its lazy terms. */
export interface TurnVariant {
  /** Full names of what is reported, in order: `D.adversarial`, `D.r1`. */
  readonly terms: readonly string[];
  readonly watches: readonly string[];
  /**
   * One graph when the batch is one group; otherwise gradients of a group, then the move. A search
   * looks at gradients several times, moves by itself, and leaves statistics and averages to a graph.
   */
  readonly programs:
    | { readonly kind: "whole"; readonly whole: Program }
    | { readonly kind: "grouped"; readonly gradient: Program; readonly update: Program }
    | {
        readonly kind: "searched";
        readonly gradient: Program;
        readonly update: Program | undefined;
        readonly search: SearchPlan;
      }
    | { readonly kind: "evolved"; readonly fitness: Program; readonly evolution: EvolutionPlan };
  /** What its layers draw by chance, beside the draws of the game. */
  readonly chance: Draws;
  /** Numbers that groups average: the report, gradients and state, in one row. */
  readonly flatSize: number;
}

/** How many numbers a turn reports. */
export const reportSize = ({ terms, watches }: TurnVariant): number =>
  terms.length + watches.length;

/** All graphs of a turn, the one that is run first in front. */
export function programsIn({ programs }: TurnVariant): readonly [Program, ...Program[]] {
  switch (programs.kind) {
    case "whole":
      return [programs.whole];
    case "evolved":
      return [programs.fitness];
    default:
      return programs.update === undefined
        ? [programs.gradient]
        : [programs.gradient, programs.update];
  }
}

/** Numbers of the longest row that groups average; 0 when every turn is one graph. */
export const longestRow = ({ turns }: Plan): number =>
  turns
    .flatMap(({ variants }) => variants)
    .reduce(
      (n, { programs, flatSize }) => (programs.kind === "whole" ? n : Math.max(n, flatSize)),
      0,
    );

/** What a search must know to move. */
export interface SearchPlan<S = SearchSettings | ConvexSettings> {
  /** What the player owns, in the order of the gradients in a row. */
  readonly owned: readonly { readonly name: string; readonly size: number }[];
  /** What each term counts in the loss. */
  readonly weights: readonly number[];
  readonly settings: S;
}

/** What evolution must know to breed. */
export interface EvolutionPlan {
  /** What the population is made of: `size` numbers for each individual. */
  readonly owned: readonly { readonly name: string; readonly size: number }[];
  readonly individuals: number;
  readonly settings: EvolutionSettings;
}

/** How an environment is lived in. */
export interface RolloutPlan {
  readonly name: string;
  readonly worlds: number;
  readonly steps: number;
  readonly continues: boolean;
  /** Numbers of each world. */
  readonly sizes: {
    readonly state: number;
    readonly seen: number;
    readonly action: number;
    readonly told: number;
    readonly memory: number;
    readonly chance: number;
  };
  /** Which chance each world has. */
  readonly luck: readonly number[];
  /** What worlds are told, from the draws of a turn. */
  readonly told: Program | undefined;
  /** What is done at one step. */
  readonly acts: Program | undefined;
}

export interface SamplePlan {
  readonly count: number;
  readonly shape: Shape;
  readonly program: Program;
}

export interface TranslationPlan extends SamplePlan {
  /** A given picture. */
  readonly from: Shape;
}

export interface VerdictPlan {
  readonly count: number;
  readonly program: Program;
}

/** Names of what is fed beside the draws. */
export const clockPorts = { progress: "clock.progress", moves: "clock.moves" } as const;
/** Where a player's learner remembers something of a parameter. */
export const slotName = (player: string, parameter: string, slot: string): string =>
  `learner.${player}.${parameter}.${slot}`;
/** Where a player with a convex solver keeps the planes that it has met. */
export const cutsName = (player: string): string => `learner.${player}.cuts`;
/** Where what was lived in an environment is fed: `seen`, `did`, `chance`, `memory` or `told`. */
export const lifePort = (environment: string, part: string): string =>
  `draw.${environment}.${part}`;
/** Where who acts is told of the present moment. */
export const momentPort = (environment: string, part: string): string =>
  `draw.${environment}.now.${part}`;
/** Where the worlds of an environment are kept from turn to turn. */
export const worldsName = (environment: string): string => `environment.${environment}`;
export const drawPort = (name: string): string => `draw.${name}`;
