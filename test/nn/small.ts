import type { DataDescription, Draw } from "../../src/game/draws.js";
import { alone } from "../../src/game/exchange.js";
import { count } from "../../src/game/hyper.js";
import type { Owned } from "../../src/game/network.js";
import type { Plan } from "../../src/game/plan.js";
import { Replica } from "../../src/game/replica.js";
import { type Definition, defineSystem, type System } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import type { GradientLearner } from "../../src/nn/optimizers.js";
import { Memory } from "../../src/runtime/memory.js";
import { zeros } from "../../src/tensor/operations.js";

/** What every system has, and no test here is about. */
export const common = {
  cite: { title: "A test", authors: "Nobody", year: 2024, at: "nowhere" },
  equations: ["A minimizes nothing"],
} as const;

export const hyper = {
  batch: count(4, "items in a batch"),
  group: count(4, "items seen together"),
  rounds: count(10, "rounds to play"),
} as const;

/** A learner that leaves everything where it is. */
export const still: GradientLearner = {
  name: "still",
  slots: [],
  move: ({ parameter }) => ({ parameter, slots: {} }),
};

type Part<N extends Readonly<Record<string, Owned>>, P extends string> = Pick<
  Definition<typeof hyper, N, Readonly<Record<string, Draw>>, P>,
  "networks" | "perceives" | "players" | "simultaneous" | "phases" | "averages"
> &
  Partial<Pick<Definition<typeof hyper, N, Readonly<Record<string, Draw>>, P>, "samples">>;

/** A system with just what a test is about; it draws items `x` and normal numbers `z [b 2]`. */
export function small<
  const N extends Readonly<Record<string, Owned>>,
  const P extends string = never,
>(name: string, part: Part<N, P>): System {
  return defineSystem<typeof hyper, N, Readonly<Record<string, Draw>>, P>(name, {
    ...common,
    hyper,
    chance: (_, data) => ({ x: data.items, z: { kind: "normal", shape: [2], type: "float32" } }),
    samples: (_, { z }) => zeros(z!.shape),
    ...part,
  });
}

export const points: DataDescription = { kind: "points", shape: [2], classes: 0, count: 16 };
export const pictures: DataDescription = {
  kind: "pictures",
  shape: [3, 8, 8],
  classes: 0,
  count: 16,
};

export const values = { batch: 4, group: 4, rounds: 10 };

/** Sixteen points that can be told apart. */
const items = Float32Array.from({ length: 32 }, (_, i) => Math.sin(1 + i));

export interface Table {
  readonly plan: Plan;
  readonly replica: Replica;
  /** The numbers of a cell now. */
  cell(name: string): Promise<number[]>;
}

/** A replica that is about to play a system on 16 points, on the CPU. */
export async function begin(
  system: System,
  given: Readonly<Record<string, number>> = {},
): Promise<Table> {
  const plan = trace(system, { hyper: { ...values, ...given }, data: points });
  const sizes = plan.turns.flatMap((turn) => turn.variants.map((v) => v.flatSize));
  const exchange = alone(plan.batch / plan.group, Math.max(...sizes));
  const memory = new Memory({ device: "cpu" });
  const data = { count: 16, items, labels: undefined };
  const replica = new Replica({ plan, memory, data, seed: 3, exchange });
  await replica.start();
  return { plan, replica, cell: async (name) => Array.from(await memory.get(name)) };
}
