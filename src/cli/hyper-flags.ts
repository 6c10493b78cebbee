import { type HyperParameter, settle } from "../game/hyper.js";
import { type Preset, presetOf, type System, type Values } from "../game/system.js";
import { BelamyError, closest } from "../shape/error.js";
import { zoo } from "../zoo/index.js";
import type { Reader } from "./reader.js";

const systems: Readonly<Record<string, System>> = zoo;

/** The system that is played when nobody names one. */
export const usualSystem = "r3gan";

/** `criticTurns` → `critic-turns`, `Cf` → `cf` */
export const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at) => `${at === 0 ? "" : "-"}${letter.toLowerCase()}`);

/** A system by its name; says what is wrong, and suggests, when there is none. */
export function systemNamed(name: string, reader: Reader, flag = "--system"): System | undefined {
  const system = Object.hasOwn(systems, name) ? systems[name] : undefined;
  if (system === undefined) {
    const near = closest(name, Object.keys(systems));
    const rest =
      near === undefined
        ? `; there are ${Object.keys(systems).join(", ")}`
        : `; did you mean ${near}?`;
    reader.problem(flag, `no such system, ${name}${rest}`);
  }
  return system;
}

/** The hyper-parameters that become flags: those of one system, or of all when it is not known. */
export function hyperNames(system: string): readonly string[] {
  const chosen = Object.hasOwn(systems, system) ? [systems[system]!] : Object.values(systems);
  return [...new Set(chosen.flatMap(({ hyper }) => Object.keys(hyper)))];
}

/** What `--preset paper`, `--lr 1e-4` and `--hyper lr=1e-4` say, checked one by one. */
export function readHyper(reader: Reader, system: System): Values {
  const preset = readPreset(reader, system);
  const given: Record<string, { flag: string; text: string }> = {};
  for (const name of Object.keys(system.hyper)) {
    const text = reader.text(kebab(name));
    if (text !== undefined) given[name] = { flag: `--${kebab(name)}`, text };
  }
  for (const pair of reader.list("hyper")) {
    const [, name, text] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (name === undefined || text === undefined) {
      reader.problem("--hyper", `expected name=value, received ${pair}`);
    } else given[name] = { flag: `hyper.${name}`, text };
  }
  const values: Record<string, number | string> = {};
  for (const [name, { flag, text }] of Object.entries(given)) {
    const value = asValue(system.hyper[name], text);
    try {
      settle(system.hyper, { [name]: value });
      values[name] = value;
    } catch (error) {
      if (!(error instanceof BelamyError)) throw error;
      reader.problem(flag, error.facts.why);
    }
  }
  return { ...preset?.hyper, ...values };
}

/** The settings that `--preset` names; says which there are when there is none of that name. */
export function readPreset(reader: Reader, system: System): Preset<Values> | undefined {
  const name = reader.text("preset");
  if (name === undefined) return undefined;
  try {
    return presetOf(system, name);
  } catch (error) {
    if (!(error instanceof BelamyError)) throw error;
    reader.problem("--preset", error.facts.why);
    return undefined;
  }
}

/** A number where one is expected and the text is one; otherwise the text, for the error to show. */
function asValue(parameter: HyperParameter | undefined, text: string): number | string {
  const value = Number(text);
  const isNumber = typeof parameter?.value === "number" && text.trim() !== "";
  return isNumber && !Number.isNaN(value) ? value : text;
}
