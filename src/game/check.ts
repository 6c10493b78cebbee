import { ConfigurationError, closest, ShapeError } from "../shape/error.js";
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
};

/** What programs are fed with has these names beside the cells; a dot ends a network's name. */
const taken = /^(items|flat|draw|clock|average|learner)$|\./;

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

/** Terms are scalars. */
export function checkTerms(terms: Terms): Terms {
  for (const [name, value] of Object.entries(terms)) {
    if (value.shape.length === 0 && value.type === "float32") continue;
    const operands = [{ label: name, value: value.shape }];
    const hint = "take the mean or the sum";
    throw new ShapeError({ op: "term", why: `${name} is no float32 scalar`, operands, hint });
  }
  return terms;
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
