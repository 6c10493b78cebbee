import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** What reads each field of a message, by its number. */
type Fields = Readonly<Record<number, (reader: BinaryReader, wire: WireType) => void>>;

/** Reads a message, giving each field to its reader and passing over all others. */
export function readMessage(bytes: Uint8Array, fields: Fields): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const read = fields[field];
    if (read === undefined) reader.skip(wire, field);
    else read(reader, wire);
  }
}

/** A repeated number: one of them, or several that are packed. */
export const numbers =
  (out: number[], one: (reader: BinaryReader) => number) =>
  (reader: BinaryReader, wire: WireType): void => {
    if (wire !== WireType.LengthDelimited) out.push(one(reader));
    else {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) out.push(one(packed));
    }
  };

/** An int64, as far as a double holds it. */
export const integer = (reader: BinaryReader): number => Number(reader.int64());
