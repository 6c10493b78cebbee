import { BinaryReader } from "@bufbuild/protobuf/wire";

/** Field numbers of ModelProto and StringStringEntryProto, from onnx.proto. */
const metadataProps = 14;
const [keyField, valueField] = [1, 2];

/** What a model says of itself; ONNX Runtime does not tell. */
export function metadataOf(model: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {};
  const reader = new BinaryReader(model);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field !== metadataProps) {
      reader.skip(wire, field);
      continue;
    }
    const [key, value] = readEntry(reader.bytes());
    found[key] = value;
  }
  return found;
}

function readEntry(bytes: Uint8Array): [key: string, value: string] {
  const reader = new BinaryReader(bytes);
  let [key, value] = ["", ""];
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === keyField) key = reader.string();
    else if (field === valueField) value = reader.string();
    else reader.skip(wire, field);
  }
  return [key, value];
}
