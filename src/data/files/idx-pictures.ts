import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { DataError } from "../../shape/error.js";
import type { Dataset } from "../dataset.js";
import { sharedInts } from "../memory.js";
import { nodeFingerprint } from "./hash.js";
import { type Idx, idxLabels, idxSplit, isIdxImages, readIdx } from "./idx.js";
import { evenly } from "./layout.js";
import type { PictureOptions } from "./options.js";
import { type RawPictures, resized } from "./raw.js";

/** Opens images in IDX with the labels beside them, from a file or a folder that holds a pair. */
export async function idxSource(
  path: string,
  { kind, options }: { readonly kind: "idx" | "idx folder"; readonly options: PictureOptions },
): Promise<Dataset> {
  const file = kind === "idx" ? path : join(path, await pairIn(path, options.split));
  const split = idxSplit(basename(file));
  if (options.split && split && split !== options.split) {
    throw new DataError({
      op: path,
      why: `is the ${split} split, not the ${options.split} split`,
      hint: "open the folder instead",
    });
  }
  const all = picturesOf(await readIdx(file, { file }), file);
  const chosen = evenly(
    Array.from({ length: all.count }, (_, i) => i),
    options.limit,
  );
  const pixels = await resized(path, { all, chosen, options });
  const labels = await labelsOf(file, { all, chosen });
  const most = labels?.reduce((m, label) => Math.max(m, label), 0) ?? -1;
  const data = { kind: "pictures", ...pixels, labels } as const;
  const folder = basename(kind === "idx" ? dirname(resolve(path)) : resolve(path));
  return {
    name: split === "test" ? `${folder}-test` : folder,
    count: chosen.length,
    ...data,
    classes: Array.from({ length: most + 1 }, (_, i) => `${i}`),
    fingerprint: nodeFingerprint(data),
    modes: undefined,
    skipped: [],
  };
}

/** The file of images in a folder that is of the split. */
async function pairIn(path: string, asked: "train" | "test" | undefined): Promise<string> {
  const images = (await readdir(path)).filter(isIdxImages).sort();
  const ofSplit = (split: "train" | "test") => images.filter((name) => idxSplit(name) === split);
  const found = asked ? ofSplit(asked) : ofSplit("train").length > 0 ? ofSplit("train") : images;
  if (found.length === 1) return found[0]!;
  const operands = [{ label: "files", value: images.join(", ") }];
  if (found.length === 0) throw new DataError({ op: path, why: `has no ${asked} split`, operands });
  const why = `holds ${found.length} sets of IDX images`;
  throw new DataError({ op: path, why, operands, hint: "open one of these files" });
}

/** Reads `[n h w]` and `[n h w 3]` as pictures. */
function picturesOf({ sizes, data }: Idx, file: string): RawPictures {
  const [count = 0, height = 0, width = 0, channels = 1] = sizes;
  if (sizes.length < 3 || (channels !== 1 && channels !== 3)) {
    const why = `holds ${sizes.join(" × ")} bytes, which are not pictures`;
    throw new DataError({ op: file, why });
  }
  const each = height * width * channels;
  if (count * each === 0) throw new DataError({ op: file, why: "holds no pictures" });
  const pictureAt = (i: number) => ({
    data: data.subarray(i * each, (i + 1) * each),
    height,
    width,
    channels: channels as 1 | 3, // Checked above.
  });
  return { count, pictureAt };
}

async function labelsOf(
  file: string,
  { all, chosen }: { readonly all: RawPictures; readonly chosen: readonly number[] },
): Promise<Int32Array | undefined> {
  const path = await idxLabels(file);
  if (path === undefined) return undefined;
  const { sizes, data } = await readIdx(path, { file: path });
  if (sizes.length !== 1 || sizes[0] !== all.count) {
    const why = `holds ${sizes.join(" × ")} labels for ${all.count} pictures`;
    throw new DataError({ op: path, why });
  }
  const labels = sharedInts(chosen.length);
  chosen.forEach((i, slot) => {
    labels[slot] = data[i]!;
  });
  return labels;
}
