import { DataError } from "../../shape/error.js";
import { writeFits } from "../write/fits.js";
import { decodeFits, isGzip, looksLikeFits, unpackFits } from "./fits.js";
import { BadFile, type PictureSource, roleOf } from "./source.js";

/** The bands of a picture, as red, green and blue show them. */
const bands = ["i", "r", "g"] as const;
type Band = (typeof bands)[number];

const ending = /\.(fits|fit|fts)(\.gz)?$/i;
/** `M51-r.fits`: a picture's name and its band. */
const banded = /^(.*[^/])[-_.]([irg])(\.(?:fits|fit|fts)(?:\.gz)?)$/i;

/** Whether a file is a FITS file by its name. */
export const isFitsName = (name: string): boolean => ending.test(name);

/** Whether a heap of files is one of FITS files; those among other pictures are refused. */
export async function holdsFits(file: string, { names, visit }: PictureSource): Promise<boolean> {
  const count = names.filter(isFitsName).length;
  if (count > 0 && count < names.length) {
    const others = `${names.length - count} other picture${names.length - count === 1 ? "" : "s"}`;
    throw new DataError({
      op: file,
      why: `holds ${count} FITS file${count === 1 ? "" : "s"} and ${others}`,
      hint: "light is not bytes: put them into folders of their own",
    });
  }
  if (count > 0 || names.length !== 1 || roleOf(names[0]!) === "picture") return count > 0;
  // One file may be called anything.
  let isOne = false;
  await visit([0], async (_, read) => {
    const bytes = await read().catch(() => new Uint8Array());
    isOne = looksLikeFits(bytes) || (isGzip(bytes) && looksLikeFits(unpackFits(bytes)));
  });
  return isOne;
}

/** One picture: a file, or a file for each band. */
interface Group {
  readonly name: string;
  readonly entries: readonly number[];
}

/**
 * FITS files as pictures: three that are called alike but for their band, `M51-i.fits`, `M51-r.fits`
 * and `M51-g.fits`, are one of three planes. Where each picture has a folder of its own, as a survey
 * gives them away, folders say nothing.
 */
export function inBands(source: PictureSource): PictureSource {
  const groups = withoutFolders(groupsOf(source.names));
  return {
    ...source,
    names: groups.map(({ name }) => name),
    visit: async (wanted, use) => {
      const groupOf = new Map(
        wanted.flatMap((g) => groups[g]!.entries.map((e) => [e, g] as const)),
      );
      const held = new Map<number, Map<number, Uint8Array | BadFile>>();
      await source.visit([...groupOf.keys()], async (entry, read) => {
        const g = groupOf.get(entry)!;
        const { entries } = groups[g]!;
        if (entries.length === 1) return await use(g, read);
        const parts = held.get(g) ?? new Map<number, Uint8Array | BadFile>();
        held.set(g, parts);
        parts.set(
          entry,
          await read().catch((error: unknown) => {
            if (error instanceof BadFile) return error;
            throw error;
          }),
        );
        if (parts.size < entries.length) return;
        held.delete(g);
        await use(g, async () => together(entries.map((e) => parts.get(e)!)));
      });
    },
  };
}

function groupsOf(names: readonly string[]): readonly Group[] {
  const found = new Map<string, Map<Band, number>>();
  const alone: Group[] = [];
  names.forEach((name, entry) => {
    const [, stem, letter, end] = banded.exec(name) ?? [];
    if (stem === undefined || letter === undefined) {
      alone.push({ name, entries: [entry] });
      return;
    }
    const key = `${stem}${end}`;
    const parts = found.get(key) ?? new Map<Band, number>();
    parts.set(letter.toLowerCase() as Band, entry); // the pattern has no others
    found.set(key, parts);
  });
  const isComplete = (parts: ReadonlyMap<Band, number>): boolean => parts.size === bands.length;
  // One band alone is a grey picture; a set in colour must have all of them.
  const inColour = [...found.values()].some(isComplete);
  return [
    ...alone,
    ...[...found].flatMap(([name, parts]): readonly Group[] =>
      inColour
        ? [{ name, entries: bands.map((band) => parts.get(band) ?? missing(name, band)) }]
        : [...parts.values()].map((entry) => ({ name: names[entry]!, entries: [entry] })),
    ),
  ];
}

function missing(name: string, band: Band): never {
  throw new BadFile(`has no band ${band} of ${name}; pictures in colour have i, r and g`);
}

function withoutFolders(groups: readonly Group[]): readonly Group[] {
  const folders = new Set(groups.map(({ name }) => name.split("/").slice(0, -1).join("/")));
  const areBands = groups.every(({ entries }) => entries.length > 1);
  if (!areBands || groups.length < 2 || folders.size < groups.length) return groups;
  return groups.map(({ name, ...rest }) => ({ name: name.split("/").at(-1)!, ...rest }));
}

/** Planes of several files as one file, or a `BadFile` that names the band. */
function together(files: readonly (Uint8Array | BadFile)[]): Uint8Array {
  const planes = files.map((file, k) => {
    try {
      if (file instanceof BadFile) throw file;
      return decodeFits(file);
    } catch (error) {
      throw error instanceof BadFile ? new BadFile(`band ${bands[k]} ${error.message}`) : error;
    }
  });
  const [{ height, width, cards }] = planes as [ReturnType<typeof decodeFits>]; // three
  planes.forEach((plane, k) => {
    if (plane.channels === 1 && plane.height === height && plane.width === width) return;
    const sizes = [plane, planes[0]!].map((p) => [p.channels, p.height, p.width].join(" × "));
    throw new BadFile(`band ${bands[k]} is ${sizes[0]}, band ${bands[0]} is ${sizes[1]}`);
  });
  const data = new Float32Array(3 * height * width);
  planes.forEach((plane, k) => {
    data.set(plane.data, k * height * width);
  });
  return writeFits({ data, channels: 3, height, width, cards });
}
