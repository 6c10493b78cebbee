import { readFile } from "node:fs/promises";
import { ConfigurationError, closest, DataError } from "../../shape/error.js";
import type { Legend } from "../../shape/legend.js";
import { type LegendName, legendOf } from "../legend.js";
import type { PictureOptions } from "./options.js";
import { codeOf, type MapPlan } from "./pairs-maps.js";
import { errnoReason } from "./reason.js";

/** Most classes that a map may have: one byte names each. */
export const mostMapClasses = 256;

/** What an option says of maps: a plan when it knows all classes, `auto` to count them. */
export async function askedPlan({
  legend,
  void: voids,
}: PictureOptions): Promise<MapPlan | "auto" | undefined> {
  if (legend === undefined) return undefined;
  if (legend === "auto") return "auto";
  const names = typeof legend === "string" ? await readLegend(legend) : legend;
  return planOf(names, { voids, op: typeof legend === "string" ? legend : "data.legend" });
}

/** Classes as a plan: their numbers are their places, and colours count where they are known. */
export function planOf(
  names: readonly LegendName[],
  { voids = [], op }: { readonly voids?: readonly string[] | undefined; readonly op: string },
): MapPlan {
  const seen = new Map<number, string>();
  for (const { name, colour } of names) {
    if (colour === undefined) continue;
    const other = seen.get(codeOf(colour));
    if (other !== undefined) {
      throw new DataError({ op, why: `${other} and ${name} have one colour, ${colour.join(" ")}` });
    }
    seen.set(codeOf(colour), name);
  }
  if (names.length === 0 || names.length > mostMapClasses) {
    const why = `has ${names.length} classes; a map has 1 to ${mostMapClasses}`;
    throw new DataError({ op, why });
  }
  return {
    legend: legendOf(names, { voids }),
    numbers: names.map((_, i) => i),
    isColoured: names.every(({ colour }) => colour !== undefined),
  };
}

/** Checks that what is to be ignored is a class of some map. */
export function checkVoids(
  voids: readonly string[] | undefined,
  legends: readonly (Legend | undefined)[],
): void {
  const names = legends.flatMap((legend) => (legend ?? []).map(({ name }) => name));
  for (const name of voids ?? []) {
    if (names.includes(name)) continue;
    const near = closest(name, names);
    throw new ConfigurationError({
      op: "data.void",
      why: names.length === 0 ? "there are no maps with classes" : `${name} is no class of a map`,
      ...(names.length === 0 ? {} : { operands: [{ label: "classes", value: names.join(", ") }] }),
      ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    });
  }
}

async function readLegend(path: string): Promise<readonly LegendName[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new DataError({ op: path, why: errnoReason(error) });
  });
  return parseLegend(text, path);
}

const example = "road 128 64 128, or #804080 road, or road";

/**
 * Reads a legend: a JSON array of names or of `{ name, colour }`, a JSON object of colours by name, or
 * lines of a name with its colour before or behind it, as three numbers or in hexadecimal.
 *
 * @throws {DataError} when a line says no name, or a colour that is none.
 */
export function parseLegend(text: string, file: string): readonly LegendName[] {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (/^[[{]/.test(trimmed)) return fromJson(trimmed, file);
  const lines = trimmed.split(/\r?\n/).flatMap((line, i) => {
    const isNote = line.trim() === "" || /^\s*(#(?![0-9a-f]{6}\b)|\/\/)/i.test(line);
    return isNote ? [] : [{ line: line.trim(), place: `line ${i + 1}` }];
  });
  const entries = lines.map(({ line, place }) => ({ ...fromLine(line), place }));
  // A table's first line says what its columns are.
  const [head, ...rest] = entries;
  const isHead = head?.colour === undefined && rest.some(({ colour }) => colour !== undefined);
  const kept = isHead && /\b(r|red|colou?r)\b/i.test(lines[0]!.line) ? rest : entries;
  const coloured = kept.filter(({ colour }) => colour !== undefined).length;
  for (const { name, colour, place } of kept) {
    const lacks =
      name === "" ? "name" : coloured > 0 && colour === undefined ? "colour" : undefined;
    if (lacks === undefined) continue;
    throw new DataError({
      op: `${file} › ${place}`,
      why: `has no ${lacks}`,
      operands: [{ label: "expected", value: example }],
    });
  }
  return kept.map(({ place: _, ...entry }) => entry);
}

function fromLine(line: string): LegendName {
  const hex = /^(?:(#[0-9a-f]{6})\b[\s,;:]*(.*)|(.*?)[\s,;:]*(#[0-9a-f]{6}))$/i.exec(line);
  if (hex) return { name: (hex[2] ?? hex[3])!.trim(), colour: hexColour((hex[1] ?? hex[4])!) };
  const between = "[\\s,;]+";
  const three = `(\\d{1,3})${between}(\\d{1,3})${between}(\\d{1,3})`;
  const first = new RegExp(`^${three}(?:[\\s,;:]+(.*))?$`).exec(line);
  const last = new RegExp(`^(.*?)[\\s,;:]+${three}$`).exec(line);
  const found = first
    ? { name: first[4] ?? "", numbers: first.slice(1, 4) }
    : last && { name: last[1]!, numbers: last.slice(2, 5) };
  const colour = found?.numbers.map(Number);
  if (!found || !isColour(colour)) return { name: unquoted(line) };
  return { name: unquoted(found.name), colour };
}

const unquoted = (name: string): string => name.trim().replace(/^"(.*)"$/, "$1");

const isColour = (value: unknown): value is readonly [number, number, number] =>
  Array.isArray(value) &&
  value.length === 3 &&
  value.every((v) => Number.isInteger(v) && v >= 0 && v <= 255);

const hexColour = (text: string): readonly [number, number, number] => {
  const code = Number.parseInt(text.slice(1), 16);
  return [code >> 16, (code >> 8) & 255, code & 255];
};

function fromJson(text: string, file: string): readonly LegendName[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DataError({ op: file, why: "is not JSON, though it begins as if it were" });
  }
  const list = Array.isArray(json) ? json : listIn(json as object); // it begins with [ or {
  return list.map((entry: unknown, i): LegendName => {
    if (typeof entry === "string") return { name: entry };
    const {
      name,
      colour,
      color = colour,
      ignored,
    } = (entry ?? {}) as Readonly<Record<string, unknown>>; // looked into below
    const known =
      typeof color === "string" && /^#[0-9a-f]{6}$/i.test(color) ? hexColour(color) : color;
    if (typeof name === "string" && (known === undefined || isColour(known))) {
      return {
        name,
        ...(known === undefined ? {} : { colour: known }),
        ...(ignored === true ? { ignored: true } : {}),
      };
    }
    throw new DataError({
      op: `${file} › entry ${i + 1}`,
      why: "is no class of a legend",
      operands: [{ label: "expected", value: '{ "name": "road", "colour": [128, 64, 128] }' }],
    });
  });
}

function listIn(json: object): readonly unknown[] {
  if ("classes" in json && Array.isArray(json.classes)) return json.classes;
  return Object.entries(json).map(([name, colour]: [string, unknown]) => ({ name, colour }));
}
