import { basename } from "node:path";
import { DataError } from "../../shape/error.js";
import type { LegendName } from "../legend.js";
import type { PictureIndex } from "./labels.js";
import { evenly, type Placed } from "./layout.js";
import type { Half } from "./options.js";
import { mostMapClasses, planOf } from "./pairs-legend.js";
import { classesOfMap, colourOf, cssOf, type MapPlan, type RawMap, readMap } from "./pairs-maps.js";
import { BadFile, type PictureSource } from "./source.js";

/** Pictures that may be maps. */
export interface Suspects {
  readonly file: string;
  readonly source: PictureSource;
  readonly index: PictureIndex | undefined;
  readonly pictures: readonly Placed[];
  readonly half: Half | undefined;
}

/** A plan for maps, or why pictures are none. */
export type Found = { readonly plan: MapPlan } | { readonly why: DataError | undefined };

/** How many pictures tell whether all are maps. */
const probes = 16;

/** More colours than this in a few pictures are no classes. */
const mostColours = 64;

/** Looks at some pictures to find out whether all are maps, and what their colours are. */
export async function findPlan(
  side: Suspects,
  {
    asked: wanted,
    voids,
  }: {
    readonly asked: MapPlan | "auto" | undefined;
    readonly voids: readonly string[] | undefined;
  },
): Promise<Found> {
  const own = side.pictures[0] && side.index?.legendOf(side.pictures[0].name);
  const isOwn = own !== undefined && (wanted === undefined || wanted === "auto");
  const asked = isOwn ? planOf(own, { voids, op: `${side.file} › dataset.json` }) : wanted;
  const some = await readMaps(side, evenly(side.pictures, probes));
  const maps = some.flatMap(({ map }) => (map instanceof BadFile ? [] : [map]));
  const colours = new Set(maps.flatMap((map) => [...new Set(map.colours)]));
  if (asked === undefined) {
    if (maps.length === 0) return { why: undefined };
    const named = side.index?.labels === "given" ? [] : (side.index?.names ?? []);
    if (colours.size <= mostColours && 2 * shareBelow(named.length, maps) > 1) {
      const names = named.map((name) => ({ name }));
      return { plan: planOf(names, { voids, op: `${side.file} › dataset.json` }) };
    }
    const [first, ...others] = maps;
    const isShared = others.length > 0 && others.every(({ palette }) => palette === first?.palette);
    if (first?.palette === undefined || !isShared) return { why: undefined };
  }
  if (asked === undefined || asked === "auto") {
    if (maps.length > 0 && colours.size <= mostColours) {
      return { plan: await counted(side, voids) };
    }
    const why = `has ${colours.size} colours in ${maps.length} pictures, too many for classes`;
    return { why: new DataError({ op: side.file, why, hint: legendHint }) };
  }
  const wrong = some.flatMap(({ picture, map }) => {
    const why = map instanceof BadFile ? map : misfit(map, asked);
    return why ? [{ picture, why }] : [];
  });
  // Where most are maps, those that are none are told or left out as they are decoded.
  if (2 * wrong.length <= some.length) return { plan: asked };
  const [{ picture, why }] = wrong as [(typeof wrong)[number]]; // more than half of some
  const { file } = side;
  const op = basename(file) === picture.name ? file : `${file} › ${picture.name}`;
  return { why: new DataError({ op, why: why.message }) };
}

const legendHint = "name the classes and their colours with --legend FILE";

/** How many of all pixels have a number below that of classes. */
function shareBelow(count: number, maps: readonly RawMap[]): number {
  let below = 0;
  let all = 0;
  for (const { colours, numberOf } of maps) {
    for (const colour of colours) if ((numberOf?.(colour) ?? count) < count) below++;
    all += colours.length;
  }
  return below / all;
}

/** Why a map has no classes, if so. */
function misfit(map: RawMap, plan: MapPlan): BadFile | undefined {
  try {
    classesOfMap(map, plan);
    return undefined;
  } catch (error) {
    if (error instanceof BadFile) return error;
    throw error;
  }
}

interface Read {
  readonly picture: Placed;
  readonly map: RawMap | BadFile;
}

async function readMaps(
  { source, half }: Suspects,
  pictures: readonly Placed[],
): Promise<readonly Read[]> {
  const maps = new Map<number, RawMap | BadFile>();
  await source.visit(
    pictures.map(({ entry }) => entry),
    async (entry, read) => {
      const map = await read()
        .then((bytes) => readMap(bytes, half))
        .catch((error: unknown) => {
          if (error instanceof BadFile) return error;
          throw error;
        });
      maps.set(entry, map);
    },
  );
  return pictures.map((picture) => ({ picture, map: maps.get(picture.entry)! }));
}

/** Every number or colour that there is in any map is a class, in order. */
async function counted(side: Suspects, voids: readonly string[] | undefined): Promise<MapPlan> {
  const colours = new Map<number, number | undefined>();
  let isGrey = true;
  const step = 64;
  for (let i = 0; i < side.pictures.length; i += step) {
    for (const { map } of await readMaps(side, side.pictures.slice(i, i + step))) {
      if (map instanceof BadFile) continue;
      isGrey &&= map.isGrey && map.palette === undefined;
      for (const colour of new Set(map.colours)) colours.set(colour, map.numberOf?.(colour));
    }
    if (colours.size > mostMapClasses) {
      const why = `has more than ${mostMapClasses} colours, too many for classes`;
      throw new DataError({ op: side.file, why, hint: legendHint });
    }
  }
  const found = [...colours].map(([colour, number]) => ({ colour, number }));
  const isNumbered = found.every(({ number }) => number !== undefined);
  found.sort((a, b) => (isNumbered ? a.number! - b.number! : a.colour - b.colour));
  const numbers = found.map(({ number }, i) => (isNumbered ? number! : i)); // by isNumbered
  // What is far above all other numbers is no class: VOC's border of 255.
  const isVoid = (number: number): boolean => number === 255 && (numbers.at(-2) ?? 255) < 100;
  const names = found.map(({ colour }, i): LegendName => {
    const number = numbers[i]!;
    const named = isNumbered ? side.index?.names[number] : undefined;
    const fallback = isNumbered ? (isVoid(number) ? "void" : `${number}`) : cssOf(colour);
    return { name: named ?? fallback, ...(isGrey ? {} : { colour: colourOf(colour) }) };
  });
  return { ...planOf(names, { voids, op: side.file }), numbers };
}
