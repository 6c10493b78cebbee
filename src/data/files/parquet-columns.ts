import { z } from "zod";
import type { Leaf } from "./parquet-column.js";
import type { Footer } from "./parquet-footer.js";

/** Which columns of a file are what. */
export interface Columns {
  readonly picture: Leaf | undefined;
  /** Where a picture without bytes would be. */
  readonly path: Leaf | undefined;
  readonly label: Leaf | undefined;
  /** Names of the classes, as the Hugging Face hub notes them. */
  readonly classes: readonly string[] | undefined;
  readonly caption: Leaf | undefined;
  /** Whatever else has a number or a text of each row. */
  readonly others: readonly Leaf[];
}

const note = z.object({
  info: z.object({
    features: z.record(
      z.string(),
      z.object({ _type: z.string().optional(), names: z.array(z.string()).optional() }).loose(),
    ),
  }),
});

const pictureNames = ["image", "img", "picture", "photo"];
const labelNames = ["label", "labels", "class", "target", "y", "fine_label"];
const captionNames = ["caption", "captions", "text", "prompt", "description"];

/** Finds out which columns are what, by the hub's notes, by types, and by names. */
export function columnsOf({ leaves, notes }: Footer): Columns {
  const features = featuresOf(notes.get("huggingface"));
  const typed =
    (type: string) =>
    ({ path }: Leaf) =>
      features[path[0]!]?._type === type;
  const bytes = leaves.filter(({ type, isText }) => type === "BYTE_ARRAY" && !isText);
  const pictures = [
    bytes.filter(typed("Image")),
    bytes.filter(({ path }) => path.length > 1 && path.at(-1) === "bytes"),
    bytes.filter(({ path }) => path.length === 1),
  ].find((found) => found.length > 0);
  const picture = named(pictures ?? [], pictureNames) ?? pictures?.[0];
  const path = leaves.find(
    (leaf) => leaf.isText && leaf.path.length > 1 && leaf.path[0] === picture?.path[0],
  );
  const flat = leaves.filter((leaf) => leaf.path.length === 1 && leaf !== picture && isFact(leaf));
  const noted = flat.filter(typed("ClassLabel"));
  const label = named(noted, labelNames) ?? noted[0] ?? named(flat, labelNames);
  const caption = named(
    flat.filter(({ isText }) => isText),
    captionNames,
  );
  return {
    picture,
    path,
    label,
    classes: label && features[label.path[0]!]?.names,
    caption: caption === label ? undefined : caption,
    others: flat.filter((leaf) => leaf !== label && leaf !== caption),
  };
}

const isFact = ({ type, isText }: Leaf): boolean =>
  isText || ["INT32", "INT64", "FLOAT", "DOUBLE", "BOOLEAN"].includes(type);

/** The first of the names that a column has. */
function named(leaves: readonly Leaf[], names: readonly string[]): Leaf | undefined {
  const found = names.map((name) => leaves.find(({ path }) => path[0]!.toLowerCase() === name));
  return found.find((leaf) => leaf !== undefined);
}

function featuresOf(text: string | undefined): z.infer<typeof note>["info"]["features"] {
  try {
    return note.parse(JSON.parse(text ?? "")).info.features;
  } catch {
    // Other writers put other things there, or nothing.
    return {};
  }
}
