import type { Dataset } from "../data/dataset.js";
import { fingerprintOf } from "../data/fingerprint.js";
import { conformed } from "../data/table/conform.js";
import { measured } from "../data/table/measure.js";
import { lookAt } from "../game/conclude.js";
import { type Draw, sourceOf } from "../game/draws.js";
import type { System } from "../game/system.js";
import { trace } from "../game/trace.js";
import { ConfigurationError } from "../shape/error.js";
import { readItems, writeSeen } from "../shape/items.js";
import { Random } from "../shape/random.js";
import { formatShape, sameShape, sizeOf } from "../shape/shape.js";
import { zoo } from "../zoo/index.js";
import { listCheckpoints, readCheckpoint } from "./checkpoint.js";
import { playedWith } from "./export.js";
import { readRecord } from "./folder.js";

/** How missing values are filled; everything has a default. */
export interface FillOptions {
  /** What chance comes from: another seed, another filling. */
  readonly seed?: number;
  /**
   * Which numbers are known, 1 for each that is and 0 for those to be filled: `[n …]`, or of one
   * item for all. Pictures need it; in a table what is missing is not known.
   */
  readonly known?: ArrayLike<number>;
  /** What the run plays; the zoo's system of that name by default. */
  readonly system?: System;
}

const systems: Readonly<Record<string, System>> = zoo;
/** Items are filled so many at a time. */
const most = 256;

/**
 * Data with what is missing in them filled in by the run in a folder: values by chance that fit
 * what is known, each a function of the seed and its place alone. What is known stays as it is.
 * Columns are found by their names; one that the data lack is filled whole.
 *
 * @throws {ConfigurationError} when the run has learned nothing yet or cannot fill, the items have
 *   another shape, or it is not said which pixels are known.
 * @throws {DataError} when a column has values that the run does not know.
 *
 * @example
 * const pairs = data.from([[0.1, 0.9], [0.2, 1.1], [0.3, 0.7], [0.4, 1]]);
 * const run = train({ system: zoo["missing-data"], data: pairs, rounds: 2, folder: "pairs", hyper: { batch: 4, group: 4 } });
 * await run.finish();
 * const { items } = await fill("pairs", pairs, { known: [1, 0], seed: 3 });
 * [items.length, items[0]]; // → [8,0.1]
 */
export async function fill(
  folder: string,
  given: Dataset,
  { seed = 0, known: told, system: own }: FillOptions = {},
): Promise<Dataset<Float32Array | Uint8Array>> {
  const record = readRecord(folder);
  const system = own ?? systems[record.system];
  const { fills } = system ?? {};
  if (system === undefined || fills === undefined) {
    const hint = "missing-data can, such as belamy train data.csv --system missing-data";
    throw new ConfigurationError({ op: "fill", why: `${record.system} cannot fill`, hint });
  }
  const newest = listCheckpoints(folder).at(-1);
  if (newest === undefined) {
    const operands = [{ label: "folder", value: folder }];
    throw new ConfigurationError({ op: "fill", why: "there is no checkpoint yet", operands });
  }
  const { columns } = record.data;
  const data = columns === undefined ? given : conformed(given, columns);
  if (!sameShape(data.shape, record.data.shape)) {
    const operands = [
      { label: "data", value: formatShape(data.shape) },
      { label: "run", value: formatShape(record.data.shape) },
    ];
    throw new ConfigurationError({ op: "fill", why: "items have another shape", operands });
  }
  const { x, present } = seenIn(data, told);
  const options = { hyper: playedWith(record, system), data: record.data };
  const { cells, position } = readCheckpoint(newest, trace(system, options));
  const description = { ...record.data, items: new Float32Array(0), labels: undefined };
  const ended = { ...options, data: description, seed, round: position.round, cells };
  const each = sizeOf(data.shape);
  const made = new Float32Array(x.length);
  await lookAt(system, { ...ended, history: () => ({ rounds: [], values: [] }) }, async (look) => {
    const draws = system.chance(options.hyper, sourceOf(record.data));
    for (let start = 0; start < data.count; start += most) {
      const n = Math.min(most, data.count - start);
      const inputs = Object.entries(draws).map(([name, draw]) => {
        const size = sizeOf(draw.shape);
        const numbers = new Float32Array(n * size);
        for (let i = 0; i < n; i++) {
          const place = start + i;
          const row =
            draw.kind === "items"
              ? x.subarray(place * each, (place + 1) * each)
              : draw.kind === "present"
                ? present.subarray(place * each, (place + 1) * each)
                : chanceOf(draw, new Random({ seed, purpose: `fill ${name}`, at: [place] }));
          numbers.set(row, i * size);
        }
        return [name, { shape: [n, ...draw.shape], data: numbers }] as const;
      });
      const { filled } = await look.compute(
        (networks, drawn) => ({ filled: fills(networks, drawn, options) }),
        Object.fromEntries(inputs),
      );
      made.set(filled, start * each);
    }
  });
  // Networks count in deviations, which rounds: what is known stays as it was.
  const whole = made.map((value, i) => (present[i] === 1 ? x[i]! : value));
  return withItems(data, whole);
}

/** Items as a game sees them, 0 where nothing is known, and where something is. */
function seenIn(
  data: Dataset,
  told: ArrayLike<number> | undefined,
): { readonly x: Float32Array; readonly present: Float32Array } {
  const each = sizeOf(data.shape);
  const x = new Float32Array(data.count * each);
  for (let i = 0; i < data.count; i++) writeSeen(readItems(data, [i]), { out: x, at: i * each });
  if (told === undefined && data.kind === "pictures") {
    const hint = "pass known, 1 for pixels that are and 0 for those that are not";
    throw new ConfigurationError({ op: "fill", why: "which pixels are known?", hint });
  }
  if (told !== undefined && told.length !== each && told.length !== x.length) {
    const why = `known has ${told.length} numbers, not ${each} or ${x.length}`;
    throw new ConfigurationError({ op: "fill", why });
  }
  const present = x.map((value, i) =>
    Number.isNaN(value) || (told !== undefined && told[i % told.length] === 0) ? 0 : 1,
  );
  return { x: x.map((value, i) => (present[i] === 1 ? value : 0)), present };
}

function chanceOf(draw: Draw, random: Random): Float32Array {
  const size = sizeOf(draw.shape);
  if (draw.kind === "normal") return Float32Array.from({ length: size }, () => random.normal());
  if (draw.kind !== "uniform") return new Float32Array(size);
  const { low, high } = draw;
  return Float32Array.from({ length: size }, () => low + (high - low) * random.uniform());
}

/** The same data with other items: pictures from −1 to 1 become bytes again. */
function withItems(data: Dataset, seen: Float32Array): Dataset<Float32Array | Uint8Array> {
  const items =
    data.kind === "pictures" && data.flux === undefined
      ? Uint8Array.from(seen, (v) => Math.round(Math.max(0, Math.min(255, (v + 1) * 127.5))))
      : seen;
  const width = sizeOf(data.shape);
  const { columns, ...rest } = data;
  const whole = {
    ...rest,
    items,
    ...(columns === undefined ? {} : { columns: measured(columns, { items, width }) }),
  };
  return { ...whole, fingerprint: fingerprintOf(whole) };
}
