import type { ItemStore } from "../../shape/items.js";
import type { Skipped } from "../dataset.js";
import { badFiles } from "./bad.js";
import { decode, isNeutral, measure, type Recipe, toPlanes } from "./decode.js";
import type { Placed } from "./layout.js";
import { askedSize } from "./options.js";
import { makeRoom, type Opening } from "./room.js";
import { BadFile, type PictureSource, type Read } from "./source.js";

/** Decoded pictures, and which of those asked for they are. */
export interface Gathered {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly items: ItemStore;
  readonly kept: readonly Placed[];
  readonly skipped: readonly Skipped[];
}

/** What is to be decoded. */
export interface GatherJob {
  /** The source as the user named it. */
  readonly file: string;
  readonly source: PictureSource;
  readonly pictures: readonly Placed[];
  readonly options: Opening;
}

/** What is assumed of all pictures until one of them shows otherwise. */
interface Plan {
  readonly size: readonly [height: number, width: number];
  /** Whether the size is every picture's own, so that nothing is resized. */
  readonly own: boolean;
  readonly grey: boolean;
}

const usualSize = [64, 64] as const;
const plain = { fit: "crop", filter: "lanczos3", background: "white" } as const;

/**
 * Decodes pictures into one array. Size and colour are guessed from the first pictures, and where
 * a later one differs, everything starts again with what holds for all: so the result depends on
 * the pictures alone, and most sets are decoded exactly once.
 */
export async function gather(job: GatherJob): Promise<Gathered> {
  const { color = "auto" } = job.options;
  const asked = askedSize(job.options);
  let plan: Plan = {
    ...(asked ? { size: asked, own: false } : await guessSize(job)),
    grey: color !== "rgb",
  };
  // Another attempt says nothing until it is further than the last.
  let most = 0;
  const report = (done: number) => {
    if (done > most) job.options.onProgress?.(done, job.pictures.length);
    most = Math.max(most, done);
  };
  for (;;) {
    const result = await attempt(job, { plan, report });
    if (!("differs" in result)) return result;
    plan =
      result.differs === "size"
        ? { ...plan, size: usualSize, own: false }
        : { ...plan, grey: false };
  }
}

/** The size of the first good picture, when it is small and its neighbours agree. */
async function guessSize({ source, pictures, options }: GatherJob): Promise<Omit<Plan, "grey">> {
  for (let start = 0, step = 16; start < pictures.length; start += step, step *= 8) {
    const sizes: (readonly [number, number])[] = [];
    await source.visit(
      pictures.slice(start, start + step).map(({ entry }) => entry),
      async (_, read) => {
        options.signal?.throwIfAborted();
        const size = await read().then(sizeOfGood).catch(ifBad);
        if (!(size instanceof BadFile)) sizes.push(size);
      },
    );
    const [first] = sizes;
    if (first === undefined) continue;
    const same = sizes.every(([h, w]) => h === first[0] && w === first[1]);
    if (same && Math.max(...first) <= 64) return { size: first, own: true };
    break;
  }
  return { size: usualSize, own: false };
}

/** A picture's size, once it decodes: a bad file's header must not decide. */
async function sizeOfGood(bytes: Uint8Array): Promise<readonly [number, number]> {
  await decode(bytes, { ...plain, size: usualSize, channels: 3 });
  return await measure(bytes);
}

function ifBad(error: unknown): BadFile {
  if (error instanceof BadFile) return error;
  throw error;
}

async function attempt(
  { file, source, pictures, options }: GatherJob,
  { plan, report }: { readonly plan: Plan; readonly report: (done: number) => void },
): Promise<Gathered | { readonly differs: "size" | "color" }> {
  const { fit = plain.fit, filter = plain.filter, background = plain.background } = options;
  const [height, width] = plan.size;
  const channels = plan.grey ? 1 : 3;
  const guessed = plan.grey && options.color !== "grey";
  const recipe: Recipe = {
    size: plan.own ? undefined : plan.size,
    // A guess of grey can only be checked in colour.
    channels: guessed ? 3 : channels,
    fit,
    filter,
    background,
    half: options.half,
  };
  const shape = [channels, height, width] as const;
  const room = makeRoom(file, { count: pictures.length, shape, options });
  const bad = new Map<number, string>();
  const slots = new Map(pictures.map(({ entry }, slot) => [entry, slot]));
  let differs: "size" | "color" | undefined;
  const place = async (slot: number, read: Read) => {
    options.signal?.throwIfAborted();
    if (differs) return;
    const pixels = await read()
      .then((bytes) => decode(bytes, recipe))
      .catch(ifBad);
    bad.delete(slot);
    if (pixels instanceof BadFile) bad.set(slot, pixels.message);
    else if (pixels.height !== height || pixels.width !== width) differs = "size";
    else if (guessed && !isNeutral(pixels)) differs ??= "color";
    else room.put(slot, (out) => toPlanes(pixels, { planes: channels, out }));
  };
  let done = 0;
  await source.visit([...slots.keys()], async (entry, read) => {
    await place(slots.get(entry)!, read);
    if (!differs) report(++done);
  });
  // libvips has one error text for all threads: only alone does a failure give its own reason.
  let last = Promise.resolve();
  const again = pictures.filter((_, slot) => bad.has(slot)).map(({ entry }) => entry);
  if (again.length > 0) {
    await source.visit(again, (entry, read) => {
      last = last.then(() => place(slots.get(entry)!, read));
      return last;
    });
  }
  if (differs) return { differs };
  const skipped = pictures.flatMap(({ name }, slot) => {
    const reason = bad.get(slot);
    return reason === undefined ? [] : [{ file: name, reason }];
  });
  if (skipped.length > 0 && options.skipBad !== true)
    throw badFiles(file, skipped, pictures.length);
  if (skipped.length === pictures.length) throw badFiles(file, skipped, pictures.length);
  const kept = pictures.filter((_, slot) => !bad.has(slot));
  return {
    shape,
    items: room.close(bad),
    kept,
    skipped,
  };
}
