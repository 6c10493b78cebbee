import type { DataOptions } from "../data/open.js";
import type { Reader } from "./reader.js";

/** The flags of a data source, as options; what is wrong with them is left with the reader. */
export function readDataOptions(reader: Reader): DataOptions {
  const size = reader.pair("size");
  const color = reader.word("color", ["auto", "rgb", "grey"]);
  const fit = reader.word("fit", ["crop", "pad"]);
  const filter = reader.word("filter", ["lanczos3", "cubic", "nearest"]);
  const background = reader.text("background");
  const split = reader.word("split", ["train", "test"]);
  const label = reader.text("label");
  const classes = columns(reader, "classes");
  const leave = columns(reader, "leave");
  const category = columns(reader, "category");
  const limit = reader.whole("limit");
  const given = reader.text("given");
  const within = reader.text("within");
  const pairs = reader.word("pairs", ["side-by-side"]);
  const direction = reader.word("direction", ["AtoB", "BtoA"]);
  const legend = reader.text("legend");
  const voids = columns(reader, "void");
  reader.either("given", "pairs");
  if (direction !== undefined && reader.text("pairs") === undefined) {
    reader.problem("--direction", "belongs to --pairs side-by-side");
  }
  return {
    ...(size === undefined ? {} : { size: size[0] === size[1] ? size[0] : size }),
    ...(color === undefined ? {} : { color }),
    ...(fit === undefined ? {} : { fit }),
    ...(filter === undefined ? {} : { filter }),
    ...(background === undefined ? {} : { background }),
    ...(split === undefined ? {} : { split }),
    ...(label === undefined ? {} : { label }),
    ...(classes === undefined ? {} : { classes }),
    ...(leave === undefined ? {} : { leave }),
    ...(category === undefined ? {} : { category }),
    ...(limit === undefined ? {} : { limit }),
    ...(given === undefined ? {} : { given }),
    ...(within === undefined ? {} : { within }),
    ...(pairs === undefined ? {} : { pairs }),
    ...(direction === undefined ? {} : { direction }),
    ...(legend === undefined ? {} : { legend }),
    ...(voids === undefined ? {} : { void: voids }),
    ...(reader.is("skip-missing") ? { skipMissing: true } : {}),
    ...(reader.is("skip-bad") ? { skipBad: true } : {}),
    ...(reader.isNot("cache") ? { cache: false } : {}),
  };
}

/** Names or numbers of columns, with commas between them. */
const columns = (reader: Reader, flag: string): readonly string[] | undefined =>
  reader
    .text(flag)
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
