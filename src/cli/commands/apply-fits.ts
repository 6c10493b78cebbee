import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { decodeFits } from "../../data/files/fits.js";
import { holdsFits, inBands, isFitsName } from "../../data/files/fits-bands.js";
import { unitOf } from "../../data/files/fits-pictures.js";
import { openFolder, openPictureFile } from "../../data/files/folder.js";
import { BadFile } from "../../data/files/reason.js";
import { writeFits } from "../../data/write/fits.js";
import type { Translator } from "../../run/translate.js";
import { writeWhole } from "../../run/write.js";
import { ConfigurationError, DataError } from "../../shape/error.js";
import { fluxOf, stretched } from "../../shape/flux.js";

/** Whether something is a FITS file, or a folder of them. */
export async function isFits(source: string): Promise<boolean> {
  if (!existsSync(source)) return false;
  if (!statSync(source).isDirectory()) return isFitsName(source);
  return await holdsFits(source, await openFolder(source));
}

interface Job {
  readonly translator: Translator;
  /** What is said in the header of what is made. */
  readonly history: string;
}

/**
 * Applies a run to FITS files: what is made of each is one of float32 in the same size and unit, with
 * what its header says of the sky; returns how many.
 */
export async function applyToFits(
  source: string,
  out: string,
  { translator, history }: Job,
): Promise<number> {
  const isOne = !statSync(source).isDirectory();
  const files = isOne ? openPictureFile(source, basename(source)) : await openFolder(source);
  const { names, visit } = inBands(files);
  const isFile = isOne && isFitsName(out) && !out.endsWith(".gz");
  const places = names.map((name) =>
    isFile ? out : join(out, name.replace(/\.(fits|fit|fts)(\.gz)?$/i, ".fits")),
  );
  const taken = places.find((place) => existsSync(place));
  if (taken !== undefined) {
    const hint = "remove it, or name another";
    throw new ConfigurationError({ op: "--out", why: `${taken} exists already`, hint });
  }
  // One after another: what is made of a large picture takes much memory.
  let last = Promise.resolve();
  const all = names.map((_, i) => i);
  await visit(all, async (i, read) => {
    const before = last;
    let done = (): void => {};
    last = new Promise((resolve) => {
      done = resolve;
    });
    try {
      await before;
      const made = await restored(await read(), { translator, history });
      await mkdir(dirname(places[i]!), { recursive: true });
      writeWhole(places[i]!, [made]);
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      const op = isOne ? source : `${source} › ${names[i]}`;
      throw new DataError({ op, why: error.message });
    } finally {
      done();
    }
  });
  return names.length;
}

async function restored(bytes: Uint8Array, { translator, history }: Job): Promise<Uint8Array> {
  const { data, channels, height, width, cards } = decodeFits(bytes);
  const { from } = translator;
  if (channels !== from[0]) {
    throw new BadFile(`has ${channels} planes; the run was trained with ${from[0]}`);
  }
  const { unit } = unitOf(data, data.length);
  const given = stretched(data.map((value) => value / unit));
  const made = fluxOf(await translator.translate(given, [channels, height, width]));
  const flux = made.map((value) => value * unit);
  return writeFits({ data: flux, channels, height, width, cards }, { history: [history] });
}
