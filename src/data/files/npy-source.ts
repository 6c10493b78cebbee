import { open } from "node:fs/promises";
import type { Dataset } from "../dataset.js";
import { checkMemory } from "./memory.js";
import { longestHeader, type NpyHeader, parseNpyHeader, shapeText, typeName } from "./npy.js";
import { arrayDataset, type NumpyArray } from "./npy-dataset.js";
import { layoutOf } from "./npy-layout.js";
import { numbersOf } from "./npy-numbers.js";
import type { PictureOptions } from "./options.js";
import { BadFile } from "./source.js";

/** Opens an NPY file of points or pictures. */
export async function npySource(
  path: string,
  { name, options }: { readonly name: string; readonly options: PictureOptions },
): Promise<Dataset> {
  const items = await readNpy(path, options);
  return await arrayDataset(path, { name, items, labels: undefined, options });
}

async function readNpy(path: string, options: PictureOptions): Promise<NumpyArray> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = new Uint8Array(Math.min(size, longestHeader + 12));
    await file.read(head, 0, head.length, 0);
    const header = parseNpyHeader(head);
    layoutOf(header.shape, { file: path });
    checkHeld(header, size - header.start);
    checkMemory(path, { count: 1, shape: [header.length], options, what: "numbers" });
    const bytes = new Uint8Array(header.length);
    const most = 2 ** 30;
    for (let at = 0; at < bytes.length; at += most) {
      options.signal?.throwIfAborted();
      const count = Math.min(most, bytes.length - at);
      const { bytesRead } = await file.read(bytes, at, count, header.start + at);
      if (bytesRead < count) throw new BadFile("is cut short");
    }
    return { type: header.type, shape: header.shape, numbers: numbersOf(header, bytes) };
  } finally {
    await file.close();
  }
}

/** Compares what a header says with what follows it. */
export function checkHeld({ type, shape, length }: NpyHeader, held: number): void {
  if (held === length) return;
  const says = `says ${shapeText(shape)} ${typeName(type)} = ${length} bytes`;
  throw new BadFile(`${says}, holds ${held}`);
}
