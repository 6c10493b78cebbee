import sharp from "sharp";
import type { Dataset } from "../../data/dataset.js";
import { openData } from "../../data/open.js";
import { sideBySide } from "../../run/beside.js";
import { plotOf } from "../../run/picture.js";
import { evenPlaces, readItems, readSeen, writeSeen } from "../../shape/items.js";
import { sizeOf } from "../../shape/shape.js";
import type { DataWords } from "../play/words.js";
import { type DrawnSheet, drawSheet } from "./sheet.js";
import type { ReadData } from "./tasks.js";

/** Sets that stay open: who looks at one looks at it again. */
const keptOpen = 2;
const opened = new Map<string, Promise<Dataset>>();

/** Opens data as a run would, and keeps the last ones open. */
export async function openFor({ source, options }: DataWords): Promise<Dataset> {
  const key = JSON.stringify([source, options]);
  const data = opened.get(key) ?? openData(source, options);
  opened.delete(key);
  opened.set(key, data);
  for (const old of [...opened.keys()].slice(0, -keptOpen)) opened.delete(old);
  try {
    return await data;
  } catch (error) {
    opened.delete(key);
    throw error;
  }
}

/** Pictures in a preview. */
const shown = 48;
const across = 12;
/** Pixels a side of a preview of points, and how many it shows. */
const plotSide = 512;
const plotPoints = 4000;

/** What the reader made of data. */
export async function readData(asked: DataWords): Promise<ReadData> {
  const data = await openFor(asked);
  const { name, kind, shape, count, classes, labels, skipped, notes = [] } = data;
  const counts = classes.map(() => 0);
  for (const label of labels ?? []) counts[label] = (counts[label] ?? 0) + 1;
  const [channels, height, width] = shape as readonly [number, number, number]; // used for pictures
  return {
    ...{ name, kind, shape, count, notes },
    size: kind === "pictures" ? { width, height } : null,
    color: kind === "pictures" ? (channels === 1 ? "grey" : "rgb") : null,
    classes: classes.map((label, i) => ({ name: label, count: counts[i]! })),
    bytes: data.items.byteLength,
    rejected: skipped.map(({ file, reason }) => ({ file, why: reason })),
    preview: kind === "pictures" ? await previewOf(data) : await scatterOf(data),
  };
}

/** Some items as a game sees them, one after another. */
export function seen(data: Dataset, places: readonly number[]): Float32Array {
  const items = new Float32Array(places.length * sizeOf(data.shape));
  writeSeen(readItems(data, places), { out: items, at: 0 });
  return items;
}

/** Some pictures, each behind what belongs to it. */
function previewOf(data: Dataset): Promise<DrawnSheet> {
  const { given, shape } = data;
  const places = evenPlaces(data.count, given === undefined ? shown : shown / 2);
  const own = { shape, items: seen(data, places) };
  if (given === undefined) return drawSheet({ ...own, columns: across });
  const pairs = sideBySide(
    [{ shape: given.shape, items: readSeen(given, places) }, own],
    places.length,
  );
  return drawSheet({ shape: pairs.shape, items: pairs.items, columns: across / 2 });
}

async function scatterOf(data: Dataset): Promise<DrawnSheet> {
  const { pixels } = plotOf(data, { shape: data.shape, side: plotSide, most: plotPoints });
  const tile = { width: plotSide, height: plotSide };
  const png = await sharp(pixels, { raw: { ...tile, channels: 3 } })
    .png()
    .toBuffer();
  return { png, ...tile, columns: 1, count: 1, gap: 0, tile };
}
