import type { Memory } from "../runtime/memory.js";
import type { PhasePlan, Plan } from "./plan.js";
import type { Position } from "./replica.js";

/** Who plays a plan, as far as phases are concerned. */
export interface PhasePlayer {
  readonly plan: Pick<Plan, "phases">;
  readonly memory: Memory;
  readonly position: Position;
}

/** The phase at some progress; what is to be kept of the one before is copied once, as it is entered. */
export async function enterPhase(
  { plan: { phases }, memory, position }: PhasePlayer,
  progress: number,
): Promise<PhasePlan> {
  const found = phases.findIndex(({ until }) => progress < until);
  const phase = found === -1 ? phases.length - 1 : found;
  const { phase: before = 0 } = position;
  const entered = phases
    .slice(before + 1, phase + 1)
    .flatMap(({ copies }) => (copies === undefined ? [] : [copies]));
  for (const copies of entered) {
    const originals = await Promise.all(Object.values(copies).map((from) => memory.get(from)));
    for (const [i, name] of Object.keys(copies).entries()) {
      memory.put(memory.portOf(name), originals[i]!.slice());
    }
  }
  if (entered.length > 0) position.phase = phase;
  return phases[phase]!;
}
