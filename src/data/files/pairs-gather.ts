import { paintClasses } from "../legend.js";
import { badFiles } from "./bad.js";
import type { Gathered, GatherJob } from "./gather.js";
import { askedSize } from "./options.js";
import { classesOfMap, fitted, type MapPlan, readMap } from "./pairs-maps.js";
import { makeRoom } from "./room.js";
import { BadFile } from "./source.js";

/** Decodes maps into the colours of their legend; no colour is ever mixed with another. */
export async function gatherMaps(
  { file, source, pictures, options }: GatherJob,
  map: MapPlan,
): Promise<Gathered> {
  const [height, width] = askedSize(options) ?? [64, 64];
  const shape = [3, height, width] as const;
  const { fit = "crop" } = options;
  const beside = map.legend.findIndex(({ ignored }) => ignored === true);
  const room = makeRoom(file, { count: pictures.length, shape, options });
  const slots = new Map(pictures.map(({ entry }, slot) => [entry, slot]));
  const bad = new Map<number, string>();
  let done = 0;
  await source.visit([...slots.keys()], async (entry, read) => {
    options.signal?.throwIfAborted();
    const slot = slots.get(entry)!;
    try {
      const raw = await readMap(await read(), options.half);
      const classes = classesOfMap(raw, map);
      const from = [raw.height, raw.width] as const;
      const numbers = fitted(classes, { from, to: [height, width], fit, beside });
      room.put(slot, (out) => paintClasses(numbers, map.legend, out));
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      bad.set(slot, error.message);
    }
    options.onProgress?.(++done, pictures.length);
  });
  const skipped = pictures.flatMap(({ name }, slot) => {
    const reason = bad.get(slot);
    return reason === undefined ? [] : [{ file: name, reason }];
  });
  if (skipped.length > 0 && (options.skipBad !== true || skipped.length === pictures.length)) {
    throw badFiles(file, skipped, pictures.length);
  }
  const kept = pictures.filter((_, slot) => !bad.has(slot));
  return { shape, items: room.close(bad), kept, skipped };
}
