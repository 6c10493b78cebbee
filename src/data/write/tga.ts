import type { Level } from "./mip-maps.js";

/** A TGA of 24 bits, of 32 where something is not opaque; rows from the top, with a footer. */
export function writeTga({ data, width, height }: Level): Uint8Array {
  let isSolid = true;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) isSolid = false;
  const each = isSolid ? 3 : 4;
  const pixels = width * height;
  const head = tgaHead({ width, height, each });
  const out = new Uint8Array(head.length + pixels * each + tgaFooter.length);
  out.set(head);
  for (let i = 0; i < pixels; i++) {
    const to = head.length + i * each;
    out[to] = data[4 * i + 2]!;
    out[to + 1] = data[4 * i + 1]!;
    out[to + 2] = data[4 * i]!;
    if (!isSolid) out[to + 3] = data[4 * i + 3]!;
  }
  out.set(tgaFooter, out.length - tgaFooter.length);
  return out;
}

/** What comes before the pixels of a TGA whose rows come from the top. */
export function tgaHead({
  width,
  height,
  each,
}: {
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel; four have alpha. */
  readonly each: 3 | 4;
}): Uint8Array {
  const head = new Uint8Array(18);
  head.set([width & 255, width >> 8, height & 255, height >> 8], 12);
  head[2] = 2;
  head[16] = 8 * each;
  head[17] = each === 3 ? 32 : 40;
  return head;
}

/** Two places of extensions, none; and what says that the file is of version 2. */
export const tgaFooter = Uint8Array.from([
  ...new Uint8Array(8),
  ...Array.from("TRUEVISION-XFILE.\0", (letter) => letter.charCodeAt(0)),
]);
