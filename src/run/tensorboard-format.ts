import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** One thing that TensorBoard shows at a step, under its tag. */
export type BoardValue = { readonly tag: string } & (
  | { readonly scalar: number }
  | { readonly picture: BoardPicture }
  /** Markdown. */
  | { readonly text: string }
);

export interface BoardPicture {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

/** One record of an event file. */
export interface BoardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly values?: readonly BoardValue[];
  /** What a file begins with. */
  readonly version?: string;
  /** Whether a run begins here again, so that what was told of this step and later ones is void. */
  readonly restart?: boolean;
}

const stringType = 7;
const startStatus = 1;
const rgb = 3;

/** A message of its own, as a field of another. */
function message(w: BinaryWriter, field: number, fill: () => void): void {
  w.tag(field, WireType.LengthDelimited).fork();
  fill();
  w.join();
}

const text = (w: BinaryWriter, field: number, value: string): BinaryWriter =>
  w.tag(field, WireType.LengthDelimited).string(value);

const integer = (w: BinaryWriter, field: number, value: number): BinaryWriter =>
  w.tag(field, WireType.Varint).int64(value);

/** The bytes of an Event, as TensorFlow's event.proto and summary.proto have it. */
function encodeEvent({ wallTime, step, values, version, restart }: BoardEvent): Uint8Array {
  const w = new BinaryWriter();
  w.tag(1, WireType.Bit64).double(wallTime);
  integer(w, 2, step);
  if (version !== undefined) text(w, 3, version);
  if (values !== undefined) {
    message(w, 5, () => {
      for (const value of values) message(w, 1, () => writeValue(w, value));
    });
  }
  if (restart) message(w, 7, () => integer(w, 1, startStatus));
  return w.finish();
}

function writeValue(w: BinaryWriter, value: BoardValue): void {
  text(w, 1, value.tag);
  if ("scalar" in value) {
    w.tag(2, WireType.Bit32).float(value.scalar);
  } else if ("picture" in value) {
    const { width, height, png } = value.picture;
    message(w, 4, () => {
      integer(w, 1, height);
      integer(w, 2, width);
      integer(w, 3, rgb);
      w.tag(4, WireType.LengthDelimited).bytes(png);
    });
  } else {
    message(w, 8, () => {
      integer(w, 1, stringType);
      message(w, 2, () => {});
      text(w, 8, value.text);
    });
    message(w, 9, () => message(w, 1, () => text(w, 1, "text")));
  }
}

/** An event as a TFRecord: its length and its bytes, each with a checksum. */
export function encodeRecord(event: BoardEvent): Uint8Array {
  const data = encodeEvent(event);
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return record;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli), as in RFC 3720, appendix B.4. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Rotated and shifted, since a checksum of data that hold checksums is a weak one. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
