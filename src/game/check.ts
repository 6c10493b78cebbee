import { ConfigurationError, closest, ShapeError } from "../shape/error.js";
import { type Shape, sameShape } from "../shape/shape.js";
import type { Owned } from "./network.js";
import type { AnyPlayer, Average, Terms } from "./system.js";

// What the compiler lets through, or never saw: mistakes in a definition, named before it is traced.

const suggest = (word: string, known: readonly string[]): { readonly hint?: string } => {
  const near = closest(word, known);
  return near === undefined ? {} : { hint: `did you mean ${near}?` };
};

// A mapped type instead of a list, so that a new property cannot be forgotten.
const properties: { readonly [K in keyof Required<AnyPlayer>]: true } = {
  owns: true,
  learner: true,
  turns: true,
  every: true,
  minimizes: true,
  watches: true,
  responds: true,
};

/** What programs are fed with has these names beside the cells; a dot ends a network's name. */
const taken = /^(items|flat|draw|clock|average|learner|environment)$|\./;

/** Names of what is owned can be told from all others. */
export function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (!taken.test(name)) continue;
    const why = name.includes(".") ? "a name has no dots" : "this name is taken";
    throw new ConfigurationError({ op: `networks.${name}`, why });
  }
}

function checkCount(op: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  const why = `expected a whole number ≥ 1, received ${value}`;
  throw new ConfigurationError({ op, why });
}

/** A player has no property that nobody reads, and owns something, and only what there is. */
export function checkPlayer(
  name: string,
  player: AnyPlayer,
  owned: Readonly<Record<string, Owned>>,
): void {
  for (const property of Object.keys(player)) {
    if (property in properties) continue;
    const cure = suggest(property, Object.keys(properties));
    throw new ConfigurationError({ op: name, why: `players have no ${property}`, ...cure });
  }
  checkCount(`${name}.turns`, player.turns ?? 1);
  for (const [term, every] of Object.entries(player.every ?? {})) {
    checkCount(`${name}.every.${term}`, every);
  }
  if (player.owns.length === 0) throw new ConfigurationError({ op: name, why: "owns nothing" });
  for (const network of player.owns) {
    if (owned[network]?.kind === "features") {
      const why = `owns ${network}, a frozen network that nobody moves`;
      throw new ConfigurationError({ op: name, why });
    }
    if (Object.hasOwn(owned, network)) continue;
    const cure = suggest(network, Object.keys(owned));
    throw new ConfigurationError({ op: name, why: `owns no such network, ${network}`, ...cure });
  }
}

/** Only what somebody moves has a moving average. */
export function checkAverages(
  averages: Readonly<Record<string, Average | undefined>>,
  players: Readonly<Record<string, AnyPlayer>>,
): void {
  const moved = Object.values(players).flatMap((player) => player.owns);
  for (const [network, average] of Object.entries(averages)) {
    if (average === undefined || moved.includes(network)) continue;
    const why = "no player owns such a network";
    throw new ConfigurationError({ op: `averages.${network}`, why, ...suggest(network, moved) });
  }
}

/** A network becomes a copy only of one that is made of the same tensors. */
export function checkCopy(
  phase: string,
  {
    copy,
    original,
    cells,
    kept,
  }: {
    readonly copy: string;
    readonly original: string;
    /** What the copy is made of, by full name. */
    readonly cells: readonly string[];
    readonly kept: Readonly<Record<string, { readonly shape: Shape }>>;
  },
): void {
  const op = `phases.${phase}.copies.${copy}`;
  if (cells.length === 0) throw new ConfigurationError({ op, why: "there is no such network" });
  for (const cell of cells) {
    const from = kept[`${original}${cell.slice(copy.length)}`];
    if (from !== undefined && sameShape(from.shape, kept[cell]!.shape)) continue;
    throw new ConfigurationError({ op, why: `${original} is made of other tensors` });
  }
}

/** Terms are scalars; of a player that evolves, one number for each individual. */
export function checkTerms(terms: Terms, individuals?: number): Terms {
  for (const [name, value] of Object.entries(terms)) {
    const wanted = individuals === undefined ? [] : [individuals];
    if (sameShape(value.shape, wanted) && value.type === "float32") continue;
    const operands = [{ label: name, value: value.shape }];
    const [why, hint] =
      individuals === undefined
        ? [`${name} is no float32 scalar`, "take the mean or the sum"]
        : [`${name} is not float32 [${individuals}]`, "give one number for each individual"];
    throw new ShapeError({ op: "term", why, operands, hint });
  }
  return terms;
}

/** A player with a closed form for its move says what all it owns becomes, and others say nothing. */
export function checkResponses(name: string, { responds, learner }: AnyPlayer): void {
  const isAsked = "responds" in learner;
  if (isAsked === (responds !== undefined)) return;
  const [why, hint] = isAsked
    ? ["does not say how it responds", "give it responds, or another learner"]
    : [`responds, and its learner is ${learner.name}`, "give it the learner bestResponse()"];
  throw new ConfigurationError({ op: name, why, hint });
}

/** What a convex solver takes for quadratic is owned by its player. */
export function checkQuadratic(
  player: string,
  quadratic: Readonly<Record<string, number>>,
  owned: readonly string[],
): void {
  for (const name of Object.keys(quadratic)) {
    if (owned.includes(name)) continue;
    const why = `${player} owns no such parameter`;
    throw new ConfigurationError({ op: `convex.quadratic.${name}`, why, ...suggest(name, owned) });
  }
}

/** Everything that is evolved has a row for each individual. */
export function checkPopulation(shapes: readonly Shape[], parents: number): number {
  const counts = shapes.map(([count]) => count);
  const [individuals = 0] = counts;
  if (individuals > parents && counts.every((count) => count === individuals)) return individuals;
  const why = `needs more rows than ${parents} parents, as many in all that is owned`;
  const operands = shapes.map((value, i) => ({ label: `owned ${i}`, value }));
  throw new ShapeError({ op: "evolution", why, operands });
}

/** Lazy terms are among the terms. */
export function checkLazy(every: Readonly<Record<string, number>>, terms: Terms): void {
  for (const term of Object.keys(every)) {
    if (term in terms) continue;
    const cure = suggest(term, Object.keys(terms));
    throw new ConfigurationError({ op: `every.${term}`, why: "no such term", ...cure });
  }
}

/** Some term counts on every move. */
export function checkActive(every: Readonly<Record<string, number>>, count: number): void {
  if (count > 0) return;
  const lazy = Object.keys(every).join(", ");
  const why = lazy === "" ? "has no terms" : `all terms rest on some moves: ${lazy}`;
  throw new ConfigurationError({ op: lazy === "" ? "player" : "every", why });
}
