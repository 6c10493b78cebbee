import { z } from "zod";
import { DataError } from "../../shape/error.js";
import type { LegendName } from "../legend.js";
import { mostClasses } from "./classes.js";

const value = z.union([z.string(), z.number()]);

/** A fact of each picture: pairs as in `labels`, or a record. */
const factOfEach = z.union([
  z.array(z.tuple([z.string(), value])).transform((pairs) => new Map(pairs)),
  z.record(z.string(), value).transform((record) => new Map(Object.entries(record))),
]);

const schema = z
  .object({
    labels: z
      .array(
        z.tuple([
          z.string(),
          z
            .int()
            .min(0)
            .max(mostClasses - 1),
        ]),
      )
      .nullable()
      .optional(),
    classes: z.array(z.string()).optional(),
  })
  .loose();

/** The fact that is each picture's place among all, where their names do not say it. */
export const orderKey = "belamy:order";

/** The legends of maps, by the folder that the maps are in. */
export const legendKey = "belamy:legends";

const legends = z.record(
  z.string(),
  z.array(
    z.object({
      name: z.string(),
      colour: z.tuple([z.number(), z.number(), z.number()]),
      ignored: z.boolean().default(false),
    }),
  ),
);

/** What `dataset.json` says of pictures, looked up by an entry's name. */
export interface PictureIndex {
  /** Whether it has labels, says that there are none (`null`), or says nothing of them. */
  readonly labels: "given" | "none" | "unsaid";
  /** A picture's class, its own or that of a folder around it. */
  readonly labelOf: (name: string) => number | undefined;
  readonly classes: readonly string[];
  /** Names of classes, whether pictures are labelled with them or not. */
  readonly names: readonly string[];
  /** What the colours of maps mean, by an entry's name. */
  readonly legendOf: (name: string) => readonly LegendName[] | undefined;
  /** Further facts by name, `captions` among them. */
  readonly facts: ReadonlyMap<string, (name: string) => string | number | undefined>;
}

/** Reads StyleGAN's `dataset.json`, with the keys that others add to it. */
export function parseIndex(
  { name, text }: { readonly name: string; readonly text: string },
  { file }: { readonly file: string },
): PictureIndex {
  const op = `${file} › ${name}`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DataError({ op, why: "is not JSON" });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue!.path.join(".");
    throw new DataError({
      op,
      why: `${where === "" ? "" : `${where} `}is not as StyleGAN writes it`,
      operands: [{ label: "expected", value: '{"labels": null} or {"labels": [["a.png", 3], …]}' }],
    });
  }
  const { labels, classes, ...rest } = parsed.data;
  const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/") + 1) : "";
  const labelOf = lookUp(new Map(labels ?? []), folder);
  const most = (labels ?? []).reduce((m, [, label]) => Math.max(m, label), -1);
  if (classes && most >= classes.length) {
    const why = `a label is ${most}, but there are ${classes.length} classes`;
    throw new DataError({ op, why, operands: [{ label: "classes", value: classes.join(", ") }] });
  }
  const known = legends.safeParse(rest[legendKey]);
  const colours = new Map(known.success ? Object.entries(known.data) : []);
  const ownColours = lookUp(colours, folder);
  const facts = new Map<string, (name: string) => string | number | undefined>();
  for (const [key, entry] of Object.entries(rest)) {
    const found = factOfEach.safeParse(entry);
    if (found.success) facts.set(key, lookUp(found.data, folder));
  }
  return {
    labels: labels ? "given" : labels === null ? "none" : "unsaid",
    labelOf,
    names: classes ?? [],
    legendOf: (entry) => ownColours(entry) ?? colours.get(""),
    classes: !labels ? [] : (classes ?? Array.from({ length: most + 1 }, (_, i) => `${i}`)),
    facts,
  };
}

/** Finds an entry by its name within the index's folder, or else the folders around it. */
function lookUp<T>(
  values: ReadonlyMap<string, T>,
  folder: string,
): (name: string) => T | undefined {
  return (name) => {
    if (!name.startsWith(folder)) return undefined;
    for (let key = name.slice(folder.length); key !== ""; ) {
      const value = values.get(key);
      if (value !== undefined) return value;
      key = key.includes("/") ? key.slice(0, key.lastIndexOf("/")) : "";
    }
    return undefined;
  };
}
