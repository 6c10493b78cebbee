import type { System } from "../game/system.js";
import { readRecord } from "../run/folder.js";
import { zoo } from "../zoo/index.js";

/** Of a run, its system, unless that is none of ours. */
export function systemOf(folder: string): System | undefined {
  const systems: Readonly<Record<string, System>> = zoo;
  const { system } = readRecord(folder);
  return Object.hasOwn(systems, system) ? systems[system] : undefined;
}

/** Whether a run makes something; of a system that is none of ours nobody knows, and most do. */
export function makesSomething(folder: string): boolean {
  const system = systemOf(folder);
  return system === undefined || system.samples !== undefined;
}

/** Whether a run makes something out of nothing but chance. */
export const makesByChance = (folder: string): boolean =>
  makesSomething(folder) &&
  systemOf(folder)?.fills === undefined &&
  systemOf(folder)?.translates === undefined;
