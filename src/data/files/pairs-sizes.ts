import type { Skipped } from "../dataset.js";
import { measure } from "./decode.js";
import { askedSize, type Half, type PictureOptions } from "./options.js";
import type { Pair } from "./pairs.js";
import { BadFile, type PictureSource } from "./source.js";

interface Measured {
  readonly file: string;
  readonly source: PictureSource;
  readonly half: Half | undefined;
}

type Size = readonly [height: number, width: number];

/** What all pictures become, which pairs can be used, and why the others cannot. */
export interface Sizes {
  readonly size: Size;
  readonly good: readonly Pair[];
  readonly bad: readonly Skipped[];
}

const usual: Size = [64, 64];

/**
 * Looks at the size of every picture and of its partner: both see the same part of the world only when
 * one is a whole enlargement of the other. The size all become is the one asked for, or the items' own
 * where all have one of at most 64 a side, or else 64 × 64.
 */
export async function checkSizes(
  { items, given }: { readonly items: Measured; readonly given?: Measured | undefined },
  pairs: readonly Pair[],
  options: PictureOptions,
): Promise<Sizes> {
  const { signal } = options;
  const own = await sizesOf(
    items,
    pairs.map(([item]) => item.entry),
    signal,
  );
  const isHalf = given?.half !== undefined;
  const partners =
    given === undefined || isHalf
      ? undefined
      : await sizesOf(
          given,
          pairs.map(([, partner]) => partner!.entry),
          signal,
        );
  const bad: Skipped[] = [];
  const good = pairs.filter(([item, partner]) => {
    const a = own.get(item.entry)!;
    const b = partners?.get(partner!.entry);
    if (a instanceof BadFile) bad.push({ file: item.name, reason: a.message });
    else if (b instanceof BadFile) bad.push({ file: partner!.name, reason: b.message });
    else if (isHalf && a[1] % 2 === 1) {
      bad.push({
        file: item.name,
        reason: `is ${a[1]} wide, which is no two pictures side by side`,
      });
    } else if (b !== undefined && !isSameView(a, b)) {
      const reason = `is ${a[0]} × ${a[1]}, its partner ${partner!.name} ${b[0]} × ${b[1]}`;
      bad.push({ file: item.name, reason });
    } else return true;
    return false;
  });
  const halved = ([h, w]: Size): Size => (items.half === undefined ? [h, w] : [h, w / 2]);
  const sizes = good.map(([item]) => halved(own.get(item.entry) as Size)); // the bad are gone
  const [first = usual] = sizes;
  const isOwn =
    Math.max(...first) <= 64 && sizes.every((s) => s[0] === first[0] && s[1] === first[1]);
  return { size: askedSize(options) ?? (isOwn ? first : usual), good, bad };
}

/** Whether two pictures have one shape but for their resolution. */
function isSameView(a: Size, b: Size): boolean {
  const [small, large] = a[0] <= b[0] ? [a, b] : [b, a];
  const scale = large[0] / small[0];
  return Math.abs(large[1] - scale * small[1]) < 1;
}

async function sizesOf(
  { source }: Measured,
  entries: readonly number[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, Size | BadFile>> {
  const sizes = new Map<number, Size | BadFile>();
  await source.visit(entries, async (entry, read) => {
    signal?.throwIfAborted();
    const size = await read()
      .then(measure)
      .catch((error: unknown) => {
        if (error instanceof BadFile) return error;
        throw error;
      });
    sizes.set(entry, size);
  });
  return sizes;
}
