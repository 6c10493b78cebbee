import { join } from "node:path";
import type { System } from "../game/system.js";
import { readRecord } from "../run/folder.js";
import { ConfigurationError } from "../shape/error.js";
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

/** The generator of a run whose system makes something out of chance alone. */
export function generatorIn(folder: string, op: string): string {
  const system = systemOf(folder);
  if (system !== undefined && system.samples === undefined) {
    const hint = `look into ${join(folder, "figures")}`;
    throw new ConfigurationError({ op, why: `${system.name} makes nothing`, hint });
  }
  if (system?.fills !== undefined) {
    const hint = `belamy fill ${folder} DATA`;
    const why = `${system.name} fills what you have`;
    throw new ConfigurationError({ op, why, hint });
  }
  if (system?.translates !== undefined) {
    const hint = `belamy apply ${folder} PICTURES`;
    const why = `${system.name} makes pictures from pictures`;
    throw new ConfigurationError({ op, why, hint });
  }
  return join(folder, "generator.onnx");
}
