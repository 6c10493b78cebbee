import type { Dataset, GivenPictures } from "../../data/dataset.js";
import { grouped, table } from "../../game/table.js";
import { sideBySide } from "../../run/beside.js";
import { DataError } from "../../shape/error.js";
import { evenPlaces, inMemory, readItems, readSeen } from "../../shape/items.js";
import type { Legend } from "../../shape/legend.js";
import { columnLines } from "../columns.js";
import { legendLines, sharesOf } from "../legend.js";
import { openShown } from "../open-data.js";
import { readDataOptions } from "../picture-options.js";
import type { Reader } from "../reader.js";
import { Preview, type Shown } from "../report/preview.js";
import { checkEnding, sheetOf, writePicture } from "../sheet.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";
import { bytes, clip, describeData, flow } from "../terminal/text.js";
import { convertCommand } from "./convert.js";

/** Looks at data, or writes them in another form; looking is what is done when nothing is said. */
export async function dataCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const verb = reader.verb(["inspect", "convert"]);
  return await (verb === "convert" ? convertCommand : inspect)(reader, terminal);
}

/** What the reader made of a source: what a run would see. */
async function inspect(reader: Reader, terminal: Terminal): Promise<number> {
  const [source] = reader.operands("SOURCE");
  if (reader.is("dry-run")) reader.problem("--dry-run", "belongs to belamy data convert");
  const options = readDataOptions(reader);
  const out = reader.text("out");
  if (source === undefined)
    reader.problem("SOURCE", "missing; name data, such as ring or a folder");
  reader.finish();
  if (out !== undefined) checkEnding(out, [".png", ".webp"]);
  const data = await openShown(
    { source: source!, options },
    { terminal, quiet: reader.is("json") },
  );
  if (reader.is("json")) terminal.write(`${JSON.stringify(summary(data), undefined, 2)}\n`);
  else terminal.write(text(data, terminal));
  if (out !== undefined) {
    if (data.kind !== "pictures") {
      throw new DataError({ op: data.name, why: "has no pictures for a contact sheet" });
    }
    const columns = data.given === undefined ? 8 : 4;
    await writePicture(out, sheetOf(spread(data, 8 * columns), { rows: 8, columns }));
    if (!reader.is("json")) terminal.write(`\nsheet ${out}\n`);
  }
  return 0;
}

/** A data set as JSON tells it. */
export function summary(data: Dataset): object {
  const { name, kind, shape, count, fingerprint, skipped, notes = [] } = data;
  const classes = classCounts(data).map(([label, items]) => ({ name: label, count: items }));
  return {
    name,
    kind,
    shape,
    count,
    classes,
    bytes: data.items.byteLength,
    fingerprint,
    skipped,
    notes,
    ...(data.columns === undefined ? {} : { columns: data.columns }),
    ...(data.legend === undefined ? {} : { legend: legendOf(data, data.legend) }),
    ...(data.given === undefined ? {} : { given: givenOf(data, data.given) }),
  };
}

/** The classes of maps, with how much of them each covers. */
const legendOf = (maps: Parameters<typeof sharesOf>[0], legend: Legend): object[] => {
  const shares = sharesOf(maps, legend);
  return legend.map((entry, k) => ({ ...entry, share: shares[k] }));
};

const givenOf = ({ count }: Dataset, given: GivenPictures): object => ({
  shape: given.shape,
  bytes: given.items.byteLength,
  ...(given.legend === undefined ? {} : { legend: legendOf({ ...given, count }, given.legend) }),
});

/** How many items each class has. */
function classCounts({ classes, labels }: Dataset): [string, number][] {
  const counts = classes.map(() => 0);
  for (const label of labels ?? []) counts[label] = (counts[label] ?? 0) + 1;
  return classes.map((name, i) => [name, counts[i]!]);
}

function text(data: Dataset, terminal: Terminal): string {
  const { bold, dim } = inkOf(terminal);
  const columns = terminal.columns() - 1;
  // The first two of many columns are no picture of a table.
  const flat = data.columns === undefined || data.shape[0]! <= 2;
  const drawn = !flat
    ? []
    : new Preview(terminal, data).draw(spread(data, 256), {
        columns: Math.min(columns, 100),
        lines: Math.min(20, terminal.rows() - 8),
      });
  const classes = classCounts(data).map(([name, count]) => `${name} ${grouped(count)}`);
  const facts = [
    [inMemory(data.items) ? "memory" : "on disk", bytes(data.items.byteLength)],
    ...(data.given === undefined ? [] : [["given", givenText(data.given)]]),
    ...(classes.length > 0 ? [["classes", String(classes.length)]] : []),
    ...(data.captions === undefined ? [] : [["captions", grouped(data.captions.length)]]),
    ...(data.factors === undefined ? [] : [["facts", Object.keys(data.factors).join(", ")]]),
    ["sha256", data.fingerprint.slice(0, 16)],
  ];
  const shown = classes.slice(0, 40);
  const more = classes.length - shown.length;
  const names = flow([...shown, ...(more > 0 ? [`and ${grouped(more)} more`] : [])], columns - 2);
  const skipped = data.skipped.map(({ file, reason }) => `  ${file}: ${reason}`);
  return [
    `${bold(data.name)}: ${describeData(data)}`,
    ...table(facts, [{}, { wraps: true }], { width: columns - 2 }).map((line) => `  ${line}`),
    ...names.map((line) => `  ${dim(line)}`),
    ...legends(data, { terminal, width: columns - 2 }).map((line) => `  ${line}`),
    ...(skipped.length === 0 ? [] : [bold(`skipped ${skipped.length}`), ...skipped]),
    ...(drawn.length === 0 ? [] : ["", ...drawn]),
    ...(data.columns === undefined ? [] : ["", ...columnLines(data.columns, { columns, dim })]),
    "",
  ]
    .map((line) => clip(line, Math.max(columns, 20)))
    .join("\n");
}

/** What the colours of the items mean, and of what is given with them. */
function legends(
  { legend, given, ...data }: Dataset,
  place: { readonly terminal: Terminal; readonly width: number },
): string[] {
  const of = given?.legend;
  return [
    ...(legend ? ["", "colours of the maps", ...legendLines({ ...data, legend }, place)] : []),
    ...(given && of
      ? ["", "colours of the given maps"].concat(
          legendLines({ ...given, legend: of, count: data.count }, place),
        )
      : []),
  ];
}

const givenText = ({ shape, legend, items }: GivenPictures): string =>
  `${legend ? "maps" : "pictures"} of ${shape.join("×")}, ${bytes(items.byteLength)}`;

/** Items taken at equal distances from the whole set, each behind what is given with it. */
function spread(data: Dataset, most: number): Shown {
  const { given, shape } = data;
  const places = evenPlaces(data.count, most);
  if (given === undefined) {
    return { items: readItems(data, places), shape, count: places.length };
  }
  const columns = [given, data].map((side) => ({
    shape: side.shape,
    items: readSeen(side, places),
  }));
  return sideBySide(columns, places.length);
}
