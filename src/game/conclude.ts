import { plainDevice } from "../runtime/device.js";
import { Memory } from "../runtime/memory.js";
import { BelamyError } from "../shape/error.js";
import { Random } from "../shape/random.js";
import { input, type Tensor } from "../tensor/tensor.js";
import type { Conclusion, Given, HeldOut, Look, Series } from "./conclusion.js";
import type { Items } from "./dealer.js";
import type { DataDescription } from "./draws.js";
import { knownBy } from "./network.js";
import { drawPort, worldsName } from "./plan.js";
import type { AnyView, System, Values } from "./system.js";
import { trace, traceExpression } from "./trace.js";
import { worldsIn } from "./trace-rollouts.js";

/** A run that has ended, and what was reported of it. */
export interface Ended {
  readonly hyper: Values;
  readonly data: DataDescription & Items;
  readonly heldOut?: HeldOut;
  readonly seed: number;
  readonly round: number;
  readonly cells: Readonly<Record<string, Float32Array>>;
  history(name: string): Series;
}

/** What a system says of a run at its end; `undefined` when it has nothing to say. */
export async function conclude(system: System, ended: Ended): Promise<Conclusion | undefined> {
  const { concludes } = system;
  if (concludes === undefined) return undefined;
  // The system's own types were forgotten when it was defined.
  return await lookAt(system, ended, (look) => concludes(look as Parameters<typeof concludes>[0]));
}

/** Has the networks of a run evaluated, as they are used outside of training. */
export async function lookAt<T>(
  system: System,
  ended: Ended,
  use: (look: Look<never, Values>) => Promise<T>,
): Promise<T> {
  const { hyper, data, heldOut, seed, cells } = ended;
  const memory = new Memory({ device: plainDevice });
  const plan = trace(system, { hyper, data });
  const known = knownBy(system.networks(hyper, data));
  for (const { name, shape } of plan.cells) {
    const numbers = cells[name];
    if (numbers !== undefined) memory.put({ name, shape, type: "float32" }, numbers);
  }
  const numbersOf = (name: string): Float32Array => {
    const numbers = cells[name];
    if (numbers === undefined) throw new BelamyError({ op: system.name, why: `keeps no ${name}` });
    return numbers;
  };
  const compute = async (
    expression: (
      networks: AnyView,
      inputs: Readonly<Record<string, Tensor>>,
    ) => Readonly<Record<string, Tensor>>,
    given: Readonly<Record<string, Given>> = {},
  ): Promise<Record<string, Float32Array>> => {
    const inputs = Object.entries(given).map(([name, { shape }]) => [
      name,
      input(drawPort(name), shape),
    ]);
    const program = traceExpression(system, { hyper, data }, (networks) =>
      expression(networks, Object.fromEntries(inputs)),
    );
    for (const name of program.reads) {
      const weight = known[name];
      if (weight === undefined || memory.names.includes(name)) continue;
      memory.put({ name, shape: weight.shape, type: "float32" }, weight.values);
    }
    const loaded = await memory.load(program);
    const fed = new Set(program.feeds.map(({ name }) => name));
    const feeds = Object.entries(given)
      .map(([name, { data: numbers }]) => [drawPort(name), numbers] as const)
      .filter(([port]) => fed.has(port));
    const found = await loaded.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(found).map(([name, numbers]) => [name, Float32Array.from(numbers)]),
    );
  };
  const look: Look<never, Values> = {
    ...{ hyper, data, seed, round: ended.round },
    ...(heldOut === undefined ? {} : { heldOut }),
    // The system's own types were forgotten when it was defined.
    compute: compute as Look<never, Values>["compute"],
    history: (name) => ended.history(name),
    cell: numbersOf,
    worlds: (name) => {
      const rollout = plan.rollouts.find((one) => one.name === name);
      if (rollout === undefined) throw new BelamyError({ op: system.name, why: `has no ${name}` });
      return worldsIn(rollout, numbersOf(worldsName(name)));
    },
    random: (purpose) => new Random({ seed, purpose: `conclusion ${purpose}` }),
  };
  try {
    return await use(look);
  } finally {
    await memory.release();
  }
}
