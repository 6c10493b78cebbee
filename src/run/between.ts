import type { Plan } from "../game/plan.js";
import { interpolated } from "../nn/interpolated.js";
import { ConfigurationError } from "../shape/error.js";
import type { Cells } from "./task.js";

/** Whether a game keeps a network as an earlier phase left it. */
export const keepsCopies = ({ phases }: Pick<Plan, "phases">): boolean =>
  phases.some(({ copies }) => copies !== undefined);

/**
 * The numbers of a run with networks that lie between what an earlier phase made of them and what
 * they are: 0 is the earlier one, 1 changes nothing.
 *
 * @throws {ConfigurationError} when no earlier network is kept, or not yet.
 */
export function betweenPhases(
  {
    plan,
    cells,
    phase = 0,
  }: { readonly plan: Plan; readonly cells: Cells; readonly phase?: number },
  alpha: number,
): Cells {
  const fail = (why: string): never => {
    throw new ConfigurationError({ op: plan.system, why });
  };
  if (!keepsCopies(plan)) fail("keeps no network of an earlier phase");
  const entered = plan.phases
    .slice(0, phase + 1)
    .flatMap(({ copies }) => Object.entries(copies ?? {}));
  if (entered.length === 0) fail("has not come to the phase that keeps an earlier network");
  const of = (which: (pair: readonly [string, string]) => string) =>
    Object.fromEntries(entered.map((pair) => [pair[1], cells[which(pair)]!]));
  return {
    ...cells,
    ...interpolated(
      of(([copy]) => copy),
      of(([, now]) => now),
      alpha,
    ),
  };
}
