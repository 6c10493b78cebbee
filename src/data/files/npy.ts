import { BadFile, latin1 } from "./source.js";

/** Numbers as NumPy stores them, by kind and bytes: `u1` is uint8, `f2` float16. */
export type NpyType =
  | "u1"
  | "u2"
  | "u4"
  | "u8"
  | "i1"
  | "i2"
  | "i4"
  | "i8"
  | "f2"
  | "f4"
  | "f8"
  | "b1";

/** What the header of an NPY file says. */
export interface NpyHeader {
  readonly type: NpyType;
  readonly bigEndian: boolean;
  /** Whether the first axis changes fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the numbers begin, in bytes. */
  readonly start: number;
  /** How many bytes of numbers there are. */
  readonly length: number;
}

/** Longest header that is read; NumPy's own limit for files it does not trust is 10,000. */
export const longestHeader = 2 ** 16;

/** Whether bytes begin as an NPY file does. */
export const looksLikeNpy = (bytes: Uint8Array): boolean =>
  latin1(bytes.subarray(0, 6)) === "\x93NUMPY";

/**
 * Reads the header of NPY versions 1 to 3 (numpy.lib.format): magic, version, length, and a
 * Python dict of exactly `descr`, `fortran_order` and `shape`, which is parsed and never evaluated.
 */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  if (!looksLikeNpy(bytes)) throw new BadFile("is no NumPy array");
  const version = bytes[6] ?? 0;
  const prefix = version === 1 ? 10 : 12;
  if (bytes.length < prefix) throw new BadFile("ends within its header");
  if (version < 1 || version > 3) throw new BadFile(`is NPY version ${version}; 1 to 3 are read`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (size > longestHeader) throw new BadFile(`has a header of ${size} bytes, too long to be one`);
  if (bytes.length < prefix + size) throw new BadFile("ends within its header");
  const text = new TextDecoder().decode(bytes.subarray(prefix, prefix + size));
  const { descr, fortran_order, shape } = parseDict(text);
  const { type, bigEndian } = parseType(descr);
  if (typeof fortran_order !== "boolean" || !Array.isArray(shape)) throw broken();
  const length = shape.reduce((product, axis) => product * axis, bytesOf(type));
  if (!Number.isSafeInteger(length)) {
    throw new BadFile(`says ${shapeText(shape)}, more than any computer holds`);
  }
  return { type, bigEndian, fortran: fortran_order, shape, start: prefix + size, length };
}

/** `60000 × 28 × 28`: a shape in words. */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? "a single number" : shape.join(" × ");

/** Bytes that a number of this type takes. */
export const bytesOf = (type: NpyType): number => Number(type[1]);

/** `float32`: the type as NumPy calls it. */
export const typeName = (type: NpyType): string =>
  type === "b1"
    ? "bool"
    : `${{ u: "uint", i: "int", f: "float" }[type[0]!] ?? type[0]}${8 * bytesOf(type)}`;

type Literal = string | boolean | readonly number[];

const broken = (): BadFile => new BadFile("has a header that NumPy would not write");

const entry =
  /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"\\]*)\3|(True|False)|\(([\d\sL,]*)\)|(\[))\s*(?:,|(?=\}))/y;

/** Parses `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` and nothing beyond it. */
function parseDict(text: string): Readonly<Record<string, Literal>> {
  const inner = /^\s*\{/.exec(text)?.[0];
  if (inner === undefined) throw broken();
  const found = new Map<string, Literal>();
  entry.lastIndex = inner.length;
  let at = inner.length;
  for (let match = entry.exec(text); match; match = entry.exec(text)) {
    const [, , key, , words, truth, numbers, list] = match;
    if (list !== undefined) throw new BadFile("holds records (a structured dtype), not numbers");
    if (found.has(key!)) throw broken();
    found.set(key!, words ?? (truth === undefined ? parseTuple(numbers!) : truth === "True"));
    at = entry.lastIndex;
  }
  if (!/^\s*\}\s*$/.test(text.slice(at)) || found.size !== 3) {
    // A structured dtype's list is no literal that the pattern reads.
    if (/'descr'\s*:\s*\[/.test(text)) {
      throw new BadFile("holds records (a structured dtype), not numbers");
    }
    throw broken();
  }
  return Object.fromEntries(found);
}

function parseTuple(text: string): readonly number[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  if (!/^\d+L?\s*(?:,\s*\d+L?\s*)*,?$/.test(trimmed)) throw broken();
  const axes = trimmed.match(/\d+/g)!.map(Number);
  if (axes.length > 32) throw broken();
  return axes;
}

const types = new Set<string>([
  "u1",
  "u2",
  "u4",
  "u8",
  "i1",
  "i2",
  "i4",
  "i8",
  "f2",
  "f4",
  "f8",
  "b1",
]);

const isType = (word: string): word is NpyType => types.has(word);

function parseType(descr: Literal | undefined): Pick<NpyHeader, "type" | "bigEndian"> {
  if (typeof descr !== "string") throw broken();
  const [, order, kind, size] = /^([<>|=])([A-Za-z?])(\d*)(?:\[\w+\])?$/.exec(descr) ?? [];
  if (kind === undefined) throw broken();
  const type = kind === "?" ? "b1" : `${kind}${size}`;
  if (isType(type)) return { type, bigEndian: order === ">" };
  if (kind === "O") throw new BadFile("holds Python objects (pickle), which are never read");
  if (kind === "U" || kind === "S") throw new BadFile("holds text, not numbers");
  if (kind === "c") throw new BadFile("holds complex numbers, which are not read");
  throw new BadFile(`holds ${descr}, which is no type of number that is read`);
}
