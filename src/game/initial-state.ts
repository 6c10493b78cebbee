import { initialValues } from "../nn/initializers.js";
import { sizeOf } from "../shape/shape.js";
import type { Exchange } from "./exchange.js";
import type { Plan } from "./plan.js";

type State = Record<string, Float32Array>;

/**
 * The first values of every cell: a function of the plan and the seed.
 *
 * @example
 * const points = { kind: "points", shape: [2], classes: 8, count: 1000 } as const;
 * const plan = trace(zoo.gan, { hyper: settle(zoo.gan.hyper), data: points });
 * initialState(plan, 3)["G.0.weight"]?.length; // → 120000
 */
export const initialState = (plan: Plan, seed: number): Record<string, Float32Array> =>
  stateOf(plan, seed, {});

/**
 * The same, with the drawing shared out: each replica draws some cells into its row, and all read
 * all rows. Cells that no row has room for are drawn by everybody.
 */
export function sharedState(plan: Plan, seed: number, exchange: Exchange): State {
  const count = Math.min(exchange.replicas, plan.batch / plan.group);
  const rows = Array.from({ length: count }, (_, i) => ({ row: exchange.slot(i), filled: 0 }));
  const places: State = {};
  const drawn = plan.cells.flatMap(({ name, shape, initial }) => {
    const { kind } = initial;
    if (kind === "constant" || kind === "copy" || kind === "known") return [];
    const draw = (): Float32Array => initialValues(initial, { shape, name, seed });
    return [{ name, size: sizeOf(shape), draw }];
  });
  for (const { name, size, draw } of drawn.sort((a, b) => b.size - a.size)) {
    const least = Math.min(...rows.map(({ filled }) => filled));
    const index = rows.findIndex(({ filled }) => filled === least);
    const chosen = rows[index]!;
    if (least + size > chosen.row.length) continue;
    const place = chosen.row.subarray(least, least + size);
    chosen.filled += size;
    places[name] = place;
    if (index === exchange.index) place.set(draw());
  }
  exchange.meet();
  const state = stateOf(plan, seed, places);
  // Rows are written again in the first round.
  exchange.meet();
  return state;
}

function stateOf(plan: Plan, seed: number, known: Readonly<State>): State {
  const state: State = {};
  for (const { name, shape, initial } of plan.cells) {
    if (initial.kind === "known") state[name] = initial.values;
    else if (initial.kind === "copy") state[name] = state[initial.of]!.slice();
    else state[name] = known[name]?.slice() ?? initialValues(initial, { shape, name, seed });
  }
  return state;
}
