import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import protobuf from "protobufjs";

// A reader of event files that shares nothing with the writer: protobufjs reads the messages by
// their public definitions, crc-32 checks the frames. What it does with restarts is what
// TensorBoard's EventAccumulator does.

// Its types leave this file of it out.
const crc32c = createRequire(import.meta.url)("crc-32/crc32c.js") as {
  readonly buf: (bytes: Uint8Array) => number;
};

/** The parts we write of tensorflow/core/util/event.proto and framework/summary.proto, tensor.proto. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what {
      string file_version = 3;
      Summary summary = 5;
      SessionLog session_log = 7;
    }
  }
  message SessionLog {
    enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
    SessionStatus status = 1;
  }
  message SummaryMetadata {
    message PluginData { string plugin_name = 1; bytes content = 2; }
    PluginData plugin_data = 1;
    string display_name = 2;
    string summary_description = 3;
  }
  message Summary {
    message Image {
      int32 height = 1;
      int32 width = 2;
      int32 colorspace = 3;
      bytes encoded_image_string = 4;
    }
    message Value {
      string tag = 1;
      SummaryMetadata metadata = 9;
      oneof value { float simple_value = 2; Image image = 4; TensorProto tensor = 8; }
    }
    repeated Value value = 1;
  }
  message TensorShapeProto {
    message Dim { int64 size = 1; string name = 2; }
    repeated Dim dim = 2;
  }
  message TensorProto {
    enum DataType { DT_INVALID = 0; DT_FLOAT = 1; DT_STRING = 7; }
    DataType dtype = 1;
    TensorShapeProto tensor_shape = 2;
    repeated bytes string_val = 8;
  }
`);
const eventType = root.lookupType("Event");

export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly sessionLog?: { readonly status: string };
  readonly summary?: { readonly value: readonly ReadValue[] };
}

export interface ReadValue {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly image?: {
    readonly height: number;
    readonly width: number;
    readonly colorspace: number;
    readonly encodedImageString: Buffer;
  };
  readonly tensor?: { readonly dtype: string; readonly stringVal: readonly Buffer[] };
  readonly metadata?: { readonly pluginData: { readonly pluginName: string } };
}

const unmasked = (masked: number): number => {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
};

export const checksum = (bytes: Uint8Array): number => crc32c.buf(bytes) >>> 0;

/** All records of a file; one that is cut at the end is left out, one that is damaged is an error. */
export function readRecords(path: string): ReadEvent[] {
  const bytes = readFileSync(path);
  const events: ReadEvent[] = [];
  for (let at = 0; at + 12 <= bytes.length; ) {
    const size = Number(bytes.readBigUInt64LE(at));
    check(path, unmasked(bytes.readUInt32LE(at + 8)), bytes.subarray(at, at + 8));
    if (at + 16 + size > bytes.length) break;
    const data = bytes.subarray(at + 12, at + 12 + size);
    check(path, unmasked(bytes.readUInt32LE(at + 12 + size)), data);
    const options = { longs: Number, enums: String };
    events.push(eventType.toObject(eventType.decode(data), options) as ReadEvent); // as parsed above
    at += 16 + size;
  }
  return events;
}

function check(path: string, stored: number, bytes: Uint8Array): void {
  if (stored !== checksum(bytes)) throw new Error(`${path}: a checksum is wrong`);
}

export const eventFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.includes("tfevents"))
    .sort()
    .map((name) => join(folder, name));

/** By tag, what TensorBoard would show of a folder: step and value, oldest first. */
export function readBoard(folder: string): Map<string, { step: number; value: ReadValue }[]> {
  const shown = new Map<string, { step: number; value: ReadValue }[]>();
  for (const event of eventFiles(folder).flatMap(readRecords)) {
    if (event.sessionLog?.status === "START") {
      for (const [tag, points] of shown) {
        shown.set(
          tag,
          points.filter(({ step }) => step < event.step),
        );
      }
    }
    for (const value of event.summary?.value ?? []) {
      shown.set(value.tag, [...(shown.get(value.tag) ?? []), { step: event.step, value }]);
    }
  }
  return shown;
}
