import type { Plan } from "../game/plan.js";
import { sizeOf } from "../shape/shape.js";
import type { RunRecord } from "./record.js";

/** How the work of a run is spread over cores. */
export interface Crowd {
  readonly replicas: number;
  /** Threads inside of each replica's sessions. */
  readonly threads: number;
}

/** Below this many multiplications a turn, threads cost more than they bring. */
const worthThreads = 1e8;

/**
 * Groups go to single-threaded replicas, so that the numbers are the same with any number of them.
 * A batch that is one group is computed by one replica with all cores, unless it is tiny.
 */
export function crowdFor(
  plan: Plan,
  {
    replicas,
    record,
    device,
    cores,
  }: {
    readonly replicas: number | undefined;
    readonly record?: RunRecord | undefined;
    readonly device: string;
    /** How many threads can work at the same time. */
    readonly cores: number;
  },
): Crowd {
  const groups = plan.batch / plan.group;
  if (device !== "cpu" && device !== "wasm") return { replicas: 1, threads: 1 };
  if (groups > 1) return { replicas: Math.min(groups, replicas ?? cores), threads: 1 };
  if (record !== undefined) return { replicas: 1, threads: record.threads };
  const parameters = plan.cells
    .filter(({ name }) => !/^(average|learner)\./.test(name))
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const tiny = parameters * plan.batch * 3 < worthThreads;
  return { replicas: 1, threads: tiny ? 1 : cores };
}
