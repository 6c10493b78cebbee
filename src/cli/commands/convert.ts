import type { Dataset } from "../../data/dataset.js";
import { formatBytes } from "../../data/files/memory.js";
import { checkForm, checkOut, type Form, formOf, writeData } from "../../data/write/convert.js";
import { grouped } from "../../game/table.js";
import { sizeOf } from "../../shape/shape.js";
import { openShown } from "../open-data.js";
import { readDataOptions } from "../picture-options.js";
import type { Reader } from "../reader.js";
import { Progress } from "../report/progress.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";
import { describeData } from "../terminal/text.js";
import { summary } from "./data.js";

const names: Readonly<Record<Form, string>> = {
  folder: "a folder of PNGs",
  zip: "a StyleGAN zip",
  npz: "NumPy arrays",
};

const lightNames: Readonly<Record<Form, string>> = {
  ...names,
  folder: "a folder of FITS files",
  zip: "a zip of FITS files",
};

const named = (form: Form, { flux }: Dataset): string =>
  flux === undefined ? names[form] : lightNames[form];

/** Writes data in another form: what is read back is the same. */
export async function convertCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [source, out] = reader.operands("SOURCE", "OUT");
  const options = readDataOptions(reader);
  if (source === undefined) reader.problem("SOURCE", "missing; name data, such as a folder");
  else if (out === undefined) reader.problem("OUT", "missing; name a folder, .zip or .npz");
  if (reader.text("out") !== undefined) {
    reader.problem("--out", "belongs to belamy data inspect; name OUT after SOURCE");
  }
  reader.finish();
  const form = formOf(out!);
  const asJson = reader.is("json");
  const data = await openShown({ source: source!, options }, { terminal, quiet: asJson });
  checkOut(out!, data.kind);
  checkForm(form, data);
  const isTrial = reader.is("dry-run");
  if (!isTrial) {
    const progress = new Progress(terminal, asJson);
    try {
      await writeData(data, out!, {
        onProgress: (done, total) =>
          progress.say(`writing ${grouped(done)} of ${grouped(total)} ${data.kind}`),
      });
    } finally {
      progress.end();
    }
  }
  if (asJson) {
    const told = { ...summary(data), out, form, written: !isTrial };
    terminal.write(`${JSON.stringify(told, undefined, 2)}\n`);
    return 0;
  }
  const { bold } = inkOf(terminal);
  const unpacked = data.count * sizeOf(data.shape) * (data.kind === "points" || data.flux ? 4 : 1);
  terminal.write(`${bold(out!)}${isTrial ? " would be" : ""}: ${named(form, data)}\n`);
  terminal.write(`  ${describeData(data)}, ${formatBytes(unpacked)} unpacked\n`);
  const flags = flagsToRead(data);
  if (flags !== "") terminal.write(`  read it with${flags}\n`);
  return 0;
}

/** What says that all is to be as it was, where a reader would not know by itself. */
function flagsToRead({ kind, shape, given, legend }: Dataset): string {
  const [, h, w] = shape;
  const isLarge = kind === "pictures" && Math.max(...shape.slice(1)) > 64;
  return [
    ...(isLarge ? [` --size ${h === w ? h : `${h}x${w}`}`] : []),
    ...(given ? [" --given given"] : legend ? [" --legend auto"] : []),
  ].join("");
}
