import type { Plan } from "../game/plan.js";
import { settleFor, type Values } from "../game/system.js";
import { trace } from "../game/trace.js";
import {
  type Asked,
  budgetOf,
  checkAsked,
  checkDrawn,
  descriptionOf,
  roundsOf,
} from "../run/asked.js";
import type { Task } from "../run/task.js";
import { prefersProducts } from "../runtime/device.js";
import { ConfigurationError } from "../shape/error.js";

/** What a run in a page is asked for with: as in Node, but for folders, which a page has not. */
export interface PageTrainOptions extends Asked {
  readonly folder?: null | false;
}

/** A run whose every mistake would have been found. */
export interface PreparedPage extends Pick<Task, "plan" | "seed" | "budget"> {
  readonly values: Values;
}

/** Checks all options and traces the game. */
export function preparePage(options: PageTrainOptions): PreparedPage {
  const { data, features, hyper, rounds, seed = 0 } = options;
  const system = features === undefined ? options.system : options.system.perceiving(features);
  checkFolders(options);
  checkAsked(options);
  const given = { ...hyper, ...(rounds === undefined ? {} : { rounds }) };
  const values = settleFor(system, data, given);
  const plan: Plan = trace(system, {
    ...{ hyper: values, data: descriptionOf(options) },
    products: prefersProducts(options.device ?? "auto"),
  });
  checkDrawn(options, plan);
  if (plan.rollouts.length > 0) {
    const why = "lives in an environment, and a page plays in workers";
    const hint = "train it in Node, in whose main thread environments answer";
    throw new ConfigurationError({ op: system.name, why, hint });
  }
  return { plan, seed, budget: budgetOf(options, roundsOf(values)), values };
}

/** Scripts without types may come with the options of Node. */
function checkFolders(options: { readonly folder?: unknown; readonly resume?: unknown }): void {
  for (const op of ["folder", "resume"] as const) {
    const value = options[op];
    if (value === undefined || value === null || value === false) continue;
    const hint = "leave it out; run.generator() gives what was learned";
    throw new ConfigurationError({ op, why: "a page has no folders", hint });
  }
}
