import sharp from "sharp";
import type { Shape } from "../shape/shape.js";
import type { Order, Provenance } from "./maker.js";

/** IPTC's word for media made by a trained model. */
export const sourceType = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

export interface PngOptions {
  readonly shape: Shape;
  readonly order: Order;
  readonly provenance: Provenance;
}

/** A picture with values from −1 to 1 as a PNG file that says where it comes from. */
export async function pngOf(
  item: Float32Array,
  { shape, order, provenance }: PngOptions,
): Promise<Uint8Array> {
  const [channels, height, width] = shape as readonly [1 | 3, number, number]; // pictures
  const pixels = new Uint8Array(item.length);
  const plane = height * width;
  for (let i = 0; i < item.length; i++) {
    const value = Math.round((item[i]! + 1) * 127.5);
    pixels[(i % plane) * channels + Math.floor(i / plane)] = Math.max(0, Math.min(255, value));
  }
  return await pngWith(xmpOf(order, provenance), pixels, { channels, height, width });
}

/** Bytes of pixels, `[h w c]`, as a PNG file that holds XMP. */
export async function pngWith(
  xmp: string,
  pixels: Uint8Array,
  raw: { readonly channels: 1 | 3; readonly height: number; readonly width: number },
): Promise<Uint8Array> {
  return await sharp(pixels, { raw })
    .toColourspace(raw.channels === 1 ? "b-w" : "srgb")
    .withXmp(xmp)
    .png()
    .toBuffer();
}

/**
 * XMP as IPTC has it: the kind of source, the model by its hash, the seed, and what else was done
 * with what the model made.
 */
export function xmpOf(
  { seed, truncation }: Order,
  { title, model, version }: Provenance,
  steps: readonly string[] = [],
): string {
  const made = `seed ${seed}, truncation ${truncation}, model sha256 ${model}, Belamy ${version}`;
  const about = [made, ...steps].join("; ");
  return [
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
    ' xmlns:belamy="urn:belamy:provenance">',
    `<Iptc4xmpExt:DigitalSourceType>${sourceType}</Iptc4xmpExt:DigitalSourceType>`,
    `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped(title)}</rdf:li></rdf:Alt></dc:title>`,
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(about)}</rdf:li></rdf:Alt></dc:description>`,
    `<belamy:seed>${seed}</belamy:seed><belamy:truncation>${truncation}</belamy:truncation>`,
    `<belamy:model>${model}</belamy:model>`,
    "</rdf:Description></rdf:RDF></x:xmpmeta>",
  ].join("");
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
