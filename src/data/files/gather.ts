import { DataError } from "../../shape/error.js";
import type { Skipped } from "../dataset.js";
import { sharedBytes } from "../memory.js";
import { decode, isNeutral, measure, type Pixels, type Recipe, toPlanes } from "./decode.js";
import type { Placed } from "./layout.js";
import { checkMemory } from "./memory.js";
import { askedSize, type PictureOptions } from "./options.js";
import { BadFile, type PictureSource } from "./source.js";

/** Decoded pictures, and which of those asked for they are. */
export interface Gathered {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly items: Uint8Array;
  readonly kept: readonly Placed[];
  readonly skipped: readonly Skipped[];
}

interface Job {
  /** The source as the user named it. */
  readonly file: string;
  readonly source: PictureSource;
  readonly pictures: readonly Placed[];
  readonly options: PictureOptions;
}

/** What is assumed of all pictures until one of them shows otherwise. */
interface Plan {
  readonly size: readonly [height: number, width: number];
  /** Whether the size is every picture's own, so that nothing is resized. */
  readonly own: boolean;
  readonly grey: boolean;
}

const usualSize = [64, 64] as const;

/**
 * Decodes pictures into one array. Size and colour are guessed from the first pictures, and where
 * a later one differs, everything starts again with what holds for all: so the result depends on
 * the pictures alone, and most sets are decoded exactly once.
 */
export async function gather(job: Job): Promise<Gathered> {
  const { color = "auto" } = job.options;
  const asked = askedSize(job.options);
  let plan: Plan = {
    ...(asked ? { size: asked, own: false } : await guessSize(job)),
    grey: color !== "rgb",
  };
  for (;;) {
    const result = await attempt(job, plan);
    if (!("differs" in result)) return result;
    plan =
      result.differs === "size"
        ? { ...plan, size: usualSize, own: false }
        : { ...plan, grey: false };
  }
}

/** The size of the first readable picture, when it is small and its neighbours agree. */
async function guessSize(job: Job): Promise<Omit<Plan, "grey">> {
  for (let start = 0, step = 16; start < job.pictures.length; start += step, step *= 8) {
    const sizes: (readonly [number, number])[] = [];
    const some = job.pictures.slice(start, start + step);
    await job.source.visit(
      some.map(({ entry }) => entry),
      async (_, read) => {
        job.options.signal?.throwIfAborted();
        const size = await read().then(measure).catch(ifBad);
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

function ifBad(error: unknown): BadFile {
  if (error instanceof BadFile) return error;
  throw error;
}

async function attempt(
  { file, source, pictures, options }: Job,
  plan: Plan,
): Promise<Gathered | { readonly differs: "size" | "color" }> {
  const { fit = "crop", filter = "lanczos3", background = "white" } = options;
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
  };
  const each = channels * height * width;
  checkMemory(file, { count: pictures.length, shape: [channels, height, width], options });
  const items = sharedBytes(pictures.length * each);
  const bad = new Map<number, string>();
  const slots = new Map(pictures.map(({ entry }, slot) => [entry, slot]));
  let differs: "size" | "color" | undefined;
  let done = 0;
  await source.visit([...slots.keys()], async (entry, read) => {
    options.signal?.throwIfAborted();
    if (differs) return;
    const slot = slots.get(entry)!;
    const pixels: Pixels | BadFile = await read()
      .then((bytes) => decode(bytes, recipe))
      .catch(ifBad);
    if (pixels instanceof BadFile) bad.set(slot, pixels.message);
    else if (pixels.height !== height || pixels.width !== width) differs = "size";
    else if (guessed && !isNeutral(pixels)) differs ??= "color";
    else
      toPlanes(pixels, { planes: channels, out: items.subarray(slot * each, (slot + 1) * each) });
    if (!differs) options.onProgress?.(++done, pictures.length);
  });
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
    shape: [channels, height, width],
    items: closeUp(items, { each, bad, count: pictures.length }),
    kept,
    skipped,
  };
}

/** Moves the good items together over the places of the bad ones. */
function closeUp(
  items: Uint8Array,
  {
    each,
    bad,
    count,
  }: { readonly each: number; readonly bad: ReadonlyMap<number, string>; readonly count: number },
): Uint8Array {
  if (bad.size === 0) return items;
  let to = 0;
  for (let slot = 0; slot < count; slot++) {
    if (!bad.has(slot)) items.copyWithin(each * to++, each * slot, each * (slot + 1));
  }
  return items.subarray(0, each * to);
}

function badFiles(file: string, bad: readonly Skipped[], count: number): DataError {
  const hint = bad.length < count ? "pass --skip-bad to leave them out" : undefined;
  if (bad.length === 1 && count > 1) {
    const [{ file: name, reason } = { file: "", reason: "" }] = bad;
    return new DataError({
      op: `${file} › ${name}`,
      why: reason,
      hint: "pass --skip-bad to leave it out",
    });
  }
  const operands = bad.slice(0, 5).map(({ file: label, reason: value }) => ({ label, value }));
  if (bad.length > 5) operands.push({ label: "…", value: `and ${bad.length - 5} more` });
  const why = `${bad.length} of ${count} pictures cannot be used`;
  return new DataError({ op: file, why, operands, ...(hint ? { hint } : {}) });
}
