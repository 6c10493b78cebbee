import { gunzipSync } from "node:zlib";
import { DataError } from "../../shape/error.js";
import { alwaysUnpacked, BadFile, checkPixels, mostRatio } from "./reason.js";
import { latin1 } from "./source.js";

/** A picture from a FITS file: light as numbers, not as it is shown. */
export interface FitsPicture {
  /** Planar `[c h w]`, rows from the top; FITS itself counts them from the bottom. */
  readonly data: Float32Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** The header's lines of 80 letters that do not say how the numbers lie: `OBJECT`, `CRVAL1`, … */
  readonly cards: readonly string[];
}

/** What the header of an image says. */
export interface FitsLayout {
  readonly bitpix: Bitpix;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Physical values are `zero + scale · stored`. */
  readonly zero: number;
  readonly scale: number;
  /** The stored number that stands for none. */
  readonly blank: number | undefined;
  /** Where the numbers begin. */
  readonly start: number;
  readonly cards: readonly string[];
}

/** Kinds of numbers: bits, negative for floating point. */
export type Bitpix = 8 | 16 | 32 | -32 | -64;

const block = 2880;
const card = 80;
/** A header of more blocks than this is no header: 36,000 lines. */
const mostBlocks = 1000;

const readersOf: Readonly<Record<Bitpix, (view: DataView, at: number) => number>> = {
  8: (view, at) => view.getUint8(at),
  16: (view, at) => view.getInt16(at),
  32: (view, at) => view.getInt32(at),
  [-32]: (view, at) => view.getFloat32(at),
  [-64]: (view, at) => view.getFloat64(at),
};

const isBitpix = (value: number): value is Bitpix => value in readersOf;

/** Whether bytes begin as a FITS file does. */
export const looksLikeFits = (bytes: Uint8Array): boolean =>
  latin1(bytes.subarray(0, 10)) === "SIMPLE  = ";

/** Whether bytes are gzipped. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes of a FITS file that may be gzipped, or a `BadFile`. */
export function unpackFits(bytes: Uint8Array): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, {
      maxOutputLength: Math.max(alwaysUnpacked, mostRatio * bytes.length),
    });
  } catch {
    throw new BadFile("is damaged (it does not unzip)");
  }
}

/** What the header of the first image says, or a `BadFile`; of unpacked bytes. */
export function fitsLayout(bytes: Uint8Array): FitsLayout {
  if (bytes.length === 0) throw new BadFile("is empty (0 bytes)");
  if (!looksLikeFits(bytes)) throw new BadFile("is no FITS file (it does not begin with SIMPLE)");
  const first = headerAt(bytes, 0);
  if (numberOf(first, "NAXIS") !== 0) return layoutOf(first);
  if (first.end >= bytes.length) throw new BadFile("is a FITS file without a picture (NAXIS is 0)");
  const next = headerAt(bytes, first.end);
  const kind = wordOf(next, "XTENSION");
  if (kind !== "IMAGE") {
    throw new BadFile(`is a FITS file without a picture (its first part is ${kind ?? "unnamed"})`);
  }
  return layoutOf(next);
}

interface Header {
  readonly cards: readonly string[];
  /** By keyword: what stands behind the equals sign. */
  readonly values: ReadonlyMap<string, string>;
  /** Where what follows begins. */
  readonly end: number;
}

function headerAt(bytes: Uint8Array, start: number): Header {
  const cards: string[] = [];
  const values = new Map<string, string>();
  const last = Math.min(bytes.length, start + mostBlocks * block);
  for (let at = start; at + card <= last; at += card) {
    const line = latin1(bytes.subarray(at, at + card));
    const keyword = line.slice(0, 8).trimEnd();
    if (keyword === "END") {
      const end = start + Math.ceil((at + card - start) / block) * block;
      return { cards, values, end };
    }
    cards.push(line);
    if (line.slice(8, 10) === "= ") values.set(keyword, line.slice(10));
  }
  throw new BadFile("is a FITS file whose header has no END");
}

/** A number of the header, without what stands behind a slash. */
function numberOf({ values }: Header, keyword: string, otherwise?: number): number {
  const text = values.get(keyword);
  if (text === undefined) {
    if (otherwise !== undefined) return otherwise;
    throw new BadFile(`is a FITS file that does not say ${keyword}`);
  }
  const word = text.split("/")[0]!.trim();
  // Fortran's double precision has a D where others have an E.
  const value = word === "" ? Number.NaN : Number(word.replace(/[dD]/, "e"));
  if (Number.isFinite(value)) return value;
  throw new BadFile(`is a FITS file whose ${keyword} is ${word === "" ? "empty" : word}`);
}

const wordOf = ({ values }: Header, keyword: string): string | undefined =>
  /^'([^']*)'/.exec(values.get(keyword) ?? "")?.[1]?.trimEnd();

function layoutOf(header: Header): FitsLayout {
  const bitpix = numberOf(header, "BITPIX");
  if (!isBitpix(bitpix)) throw new BadFile(`has BITPIX ${bitpix}; read are 8, 16, 32, -32 and -64`);
  const rank = numberOf(header, "NAXIS");
  if (!(Number.isInteger(rank) && rank >= 0 && rank <= 999)) {
    throw new BadFile(`is a FITS file whose NAXIS is ${rank}`);
  }
  const axes = Array.from({ length: rank }, (_, i) => numberOf(header, `NAXIS${i + 1}`));
  const shown = axes.join(" × ");
  while (axes.length > 2 && axes.at(-1) === 1) axes.pop();
  const [width = 0, height = 0, channels = 1] = axes;
  if (axes.length < 2 || axes.length > 3 || axes.some((n) => !(Number.isInteger(n) && n >= 1))) {
    throw new BadFile(`has ${shown === "" ? "no" : shown} numbers; pictures have 2 or 3 axes`);
  }
  if (channels !== 1 && channels !== 3) {
    throw new BadFile(`has ${channels} planes; pictures have 1 or 3`);
  }
  checkPixels(width, height);
  const blank = header.values.has("BLANK") ? numberOf(header, "BLANK") : undefined;
  return {
    ...{ bitpix, width, height, channels },
    zero: numberOf(header, "BZERO", 0),
    scale: numberOf(header, "BSCALE", 1),
    blank: bitpix > 0 ? blank : undefined,
    start: header.end,
    cards: header.cards.filter(isOfTheSky),
  };
}

/** Whether a line of a header says something of the sky, and not how the numbers lie. */
export const isOfTheSky = (line: string): boolean => !structural.test(line.slice(0, 8).trimEnd());

const structural =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|BZERO|BSCALE|BLANK|DATAMIN|DATAMAX|CHECKSUM|DATASUM|END|)$/;

/** A picture in a FITS file that may be gzipped, or a `BadFile`. */
export function decodeFits(packed: Uint8Array): FitsPicture {
  const bytes = unpackFits(packed);
  const { bitpix, width, height, channels, zero, scale, blank, start, cards } = fitsLayout(bytes);
  const each = Math.abs(bitpix) / 8;
  const count = width * height * channels;
  if (bytes.length < start + count * each) {
    const held = Math.max(0, Math.floor((bytes.length - start) / each));
    throw new BadFile(`is cut short: it has ${held} of ${count} numbers`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, count * each);
  const read = readersOf[bitpix];
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const stored = read(view, i * each);
    const value = stored === blank ? Number.NaN : zero + scale * stored;
    const [column, row] = [i % width, Math.floor(i / width) % height];
    const plane = i - row * width - column;
    const kept = Math.fround(value);
    if (!Number.isFinite(kept)) {
      const what = stored === blank ? "nothing (BLANK)" : value;
      throw new BadFile(`holds ${what} at column ${column + 1}, row ${row + 1}`);
    }
    data[plane + (height - 1 - row) * width + column] = kept;
  }
  return { data, channels, height, width, cards };
}

/**
 * Reads the first picture of a FITS file, gzipped or not: BITPIX 8, 16, 32, −32 or −64 with BZERO and
 * BSCALE, one plane or three, as float32 `[c h w]`, rows from the top.
 *
 * FITS Standard 4.0, sections 3 to 5 (IAU FITS Working Group 2018).
 *
 * @throws {DataError} when the bytes are no such file, are damaged, or have no value at a pixel
 *
 * @example
 * const light = { data: Float32Array.of(1, 2, 3, 4, 5, 6), channels: 1, height: 2, width: 3 };
 * readFits(writeFits(light)).data; // → [1,2,3,4,5,6]
 */
export function readFits(bytes: Uint8Array): FitsPicture {
  try {
    return decodeFits(bytes);
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    throw new DataError({ op: "fits", why: error.message });
  }
}
