import type { Dataset } from "../dataset.js";
import type { Opening } from "../files/room.js";
import type { Content } from "./key.js";
import { Shelf } from "./shelf.js";

/** A data set as it was decoded before, or decoded now and kept for the next time. */
export async function throughCache(
  content: Content,
  decode: (options: Opening) => Promise<Dataset>,
): Promise<Dataset> {
  const shelf = await Shelf.for(content);
  if (shelf === undefined) return await decode(content.options);
  try {
    const held = await shelf.take();
    if (held !== undefined) return held;
    const beganMs = performance.now();
    const data = await decode({ ...content.options, shelf });
    return await shelf.keep(data, performance.now() - beganMs);
  } finally {
    shelf.drop();
  }
}
