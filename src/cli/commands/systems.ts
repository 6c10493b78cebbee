import { proceduralData } from "../../data/procedural.js";
import { bibtexOf, describe, sectionsOf, textOf } from "../../game/describe.js";
import type { DataDescription } from "../../game/draws.js";
import { type Preset, type System, settleFor, type Values } from "../../game/system.js";
import { table } from "../../game/table.js";
import { ownDescription } from "../../run/usual.js";
import { BelamyError } from "../../shape/error.js";
import { zoo } from "../../zoo/index.js";
import { readPreset, systemNamed } from "../hyper-flags.js";
import type { Reader } from "../reader.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";

/** Data that descriptions are made for: small pictures, or points for what takes no pictures. */
const usualData: readonly DataDescription[] = [
  { kind: "pictures", shape: [3, 32, 32], classes: 10, count: 10_000 },
  { kind: "points", shape: [2], classes: 8, count: proceduralData("ring", { count: 1 }).count },
];

export async function systemsCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [name] = reader.operands("NAME");
  const system = name === undefined ? undefined : systemNamed(name, reader, "NAME");
  const preset = system === undefined ? undefined : readPreset(reader, system);
  reader.either("bibtex", "json");
  reader.finish();
  const chosen = system === undefined ? Object.values<System>(zoo) : [system];
  if (reader.is("bibtex")) terminal.write(`${chosen.map(bibtexOf).join("\n\n")}\n`);
  else if (reader.is("json")) {
    const all = chosen.map((one) => describeUsually(one, preset));
    terminal.write(`${JSON.stringify(system === undefined ? all : all[0], undefined, 2)}\n`);
  } else if (system === undefined) terminal.write(`${list(chosen, terminal)}\n`);
  else {
    const { bold, dim } = inkOf(terminal);
    const description = describeUsually(system, preset);
    const sections = sectionsOf(description, { width: Math.min(100, terminal.columns()) });
    const { kind, shape } = description.data;
    terminal.write(`${textOf(sections, bold)}\n\n`);
    terminal.write(dim(`networks as they are for ${kind} of ${shape.join("×")}\n`));
  }
  return 0;
}

function list(systems: readonly System[], terminal: Terminal): string {
  const rows = [...systems]
    .sort((a, b) => a.cite.year - b.cite.year)
    .map(({ name, cite }) => [name, String(cite.year), cite.title]);
  return table(rows, [{}, {}, { wraps: true }], { width: terminal.columns() }).join("\n");
}

/** A system with its defaults, on its own data or on the first usual data that it takes. */
function describeUsually(
  system: System,
  preset: Preset<Values> | undefined,
): ReturnType<typeof describe> {
  let refusal: unknown;
  if (preset?.data !== undefined) {
    const { data, hyper } = preset;
    return describe(system, { hyper: settleFor(system, data, hyper), data });
  }
  const own = ownDescription(system);
  for (const data of own === undefined ? usualData : [own, ...usualData]) {
    try {
      return describe(system, { hyper: settleFor(system, data, preset?.hyper), data });
    } catch (error) {
      if (!(error instanceof BelamyError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}
