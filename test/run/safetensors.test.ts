import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../src/run/safetensors.js";
import { floatsToHalves, halvesToFloats } from "../../src/run/safetensors-numbers.js";
import { DataError } from "../../src/shape/error.js";
import { sizeOf } from "../../src/shape/shape.js";
import { messageOf } from "./support.js";

const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A file from the format's description, byte by byte, and not by our writer. */
function fileOf(header: string, body: readonly number[] = []): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return join([length, text, new Uint8Array(body)]);
}

const entry = (offsets: readonly number[], shape: unknown = [1], dtype = "F32"): string =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

describe("safetensors", () => {
  it("are read as the format says", () => {
    // 1.5 is 0x3fc00000, −2 is 0xc0000000.
    const body = [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0];
    const header = `{"a":${entry([4, 8])},"b":${entry([0, 4], [])},"__metadata__":{"k":"v"}}  `;
    const { tensors, metadata } = decodeSafetensors(fileOf(header, body), "file");
    expect(metadata).toEqual({ k: "v" });
    expect(tensors).toEqual({
      a: { shape: [1], data: Float32Array.of(-2) },
      b: { shape: [], data: Float32Array.of(1.5) },
    });
  });

  it("are written as the format says", () => {
    const tensors = { a: { shape: [1], data: Float32Array.of(1.5) } };
    const bytes = Buffer.from(join(encodeSafetensors({ tensors, metadata: { k: "v" } })));
    const length = Number(bytes.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    const header = bytes.subarray(8, 8 + length).toString();
    expect(header.trimEnd()).toBe(`{"__metadata__":{"k":"v"},"a":${entry([0, 4])}}`);
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0xc0, 0x3f]);
  });

  it("of other types become float32", () => {
    const read = (type: string, values: readonly (readonly number[])[]): readonly number[] => {
      const body = values.flat();
      const header = `{"a":${entry([0, body.length], [values.length], type)}}`;
      return [...decodeSafetensors(fileOf(header, body), "file").tensors.a!.data];
    };
    const littleEndian = (word: number): readonly number[] => [word & 255, word >> 8];
    // 1.5, −2, the largest, the smallest, the largest below the normal ones, −0, ∞, none
    const halves = [0x3e00, 0xc000, 0x7bff, 1, 0x03ff, 0x8000, 0x7c00, 0x7c01].map(littleEndian);
    const small = 2 ** -24;
    const ends = [-0, Number.POSITIVE_INFINITY, Number.NaN];
    expect(read("F16", halves)).toEqual([1.5, -2, 65_504, small, 1023 * small, ...ends]);
    // Eight bits of exponent, seven of fraction.
    const bfloats = [0x3fc0, 0xc000, 0x714a].map(littleEndian);
    expect(read("BF16", bfloats)).toEqual([1.5, -2, (1 + 0x4a / 128) * 2 ** (0xe2 - 127)]);
    expect(read("F64", [[0, 0, 0, 0, 0, 0, 0xf8, 0x3f]])).toEqual([1.5]);
  });

  it("halves come back, and what lies between two goes to the nearer or the even one", () => {
    const positive = Uint16Array.from({ length: 0x7c00 }, (_, i) => i);
    const floats = halvesToFloats(positive);
    expect(floatsToHalves(floats)).toEqual(positive);
    expect(floatsToHalves(floats.map((v) => -v))).toEqual(positive.map((h) => h | 0x8000));
    const between = floats.slice(0, -1).map((v, i) => (v + floats[i + 1]!) / 2);
    const even = positive.slice(0, -1).map((h) => h + (h & 1));
    expect(floatsToHalves(between)).toEqual(even);
    expect(floatsToHalves(between.map((v) => v * (1 + 2 ** -20)))).toEqual(positive.subarray(1));
    expect(floatsToHalves(between.map((v) => v * (1 - 2 ** -20)))).toEqual(positive.slice(0, -1));
    const ends = Float32Array.of(65_519, 65_520, Number.NEGATIVE_INFINITY, Number.NaN);
    expect([...floatsToHalves(ends)]).toEqual([0x7bff, 0x7c00, 0xfc00, 0x7e00]);
  });

  it("come back with the same bits", () => {
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
    const tensor = shape.chain((sizes) =>
      fc
        .float32Array({ minLength: sizeOf(sizes), maxLength: sizeOf(sizes) })
        .map((data) => ({ shape: sizes, data })),
    );
    const name = fc.string({ minLength: 1 }).filter((text) => text !== "__metadata__");
    const record = fc.dictionary(name, tensor, { maxKeys: 5, noNullPrototype: true });
    const text = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3, noNullPrototype: true });
    fc.assert(
      fc.property(record, text, (tensors, metadata) => {
        const bytes = join(encodeSafetensors({ tensors, metadata }));
        expect(decodeSafetensors(bytes, "file")).toEqual({ tensors, metadata });
      }),
    );
  });

  it("that were damaged are refused or read, and never overrun", () => {
    const tensors = {
      a: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      b: { shape: [3], data: Float32Array.of(5, 6, 7) },
    };
    const whole = join(encodeSafetensors({ tensors, metadata: { k: "v" } }));
    let refused = 0;
    const damage = fc.record({
      at: fc.nat(whole.length - 1),
      byte: fc.nat(255),
      length: fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
    });
    fc.assert(
      fc.property(damage, ({ at, byte, length }) => {
        const bytes = whole.slice();
        bytes[at] = byte;
        try {
          const found = decodeSafetensors(bytes.subarray(0, length), "file");
          for (const { shape, data } of Object.values(found.tensors)) {
            expect(data).toHaveLength(sizeOf(shape));
          }
          expect(length).toBe(whole.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          refused++;
        }
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it.each([
    ["nothing", new Uint8Array(3), "f: is no safetensors file: it has no header"],
    [
      "a header that goes beyond the file",
      new Uint8Array([255, 255, 255, 255, 255, 255, 0, 0, 1]),
      "f: is no safetensors file: a header of 281474976710655 bytes in 1",
    ],
    ["no JSON", fileOf("{"), "f: is no safetensors file: its header is no JSON object"],
    ["a list", fileOf("[]"), "f: is no safetensors file: its header is no JSON object"],
    [
      "numbers as metadata",
      fileOf('{"__metadata__":{"a":1}}'),
      "f: has metadata that are not text",
    ],
    ["a tensor that is null", fileOf('{"a":null}'), "f: a is not described"],
    [
      "other types",
      fileOf(`{"a":${entry([0, 2], [1], "I16")}}`, [0, 0]),
      "f: a has numbers of type I16; F32, F16, BF16, F64 are read",
    ],
    ["a negative size", fileOf(`{"a":${entry([0, 4], [-1])}}`, [0, 0, 0, 0]), "f: a has no shape"],
    ["an offset too few", fileOf(`{"a":${entry([0])}}`), "f: a has no place in the file"],
    [
      "a shape that needs more than its place",
      fileOf(`{"a":${entry([0, 4], [1e9, 1e9])}}`, [0, 0, 0, 0]),
      "f: a takes 4 bytes; its shape needs 4000000000000000000",
    ],
    [
      "tensors that share bytes",
      fileOf(`{"a":${entry([0, 4])},"b":${entry([0, 4])}}`, [0, 0, 0, 0]),
      "f: b begins at byte 0, not at 4",
    ],
    [
      "a hole",
      fileOf(`{"a":${entry([4, 8])}}`, [0, 0, 0, 0, 0, 0, 0, 0]),
      "f: a begins at byte 4, not at 0",
    ],
    [
      "fewer numbers than it says",
      fileOf(`{"a":${entry([0, 4])}}`, [0, 0]),
      "f: has 2 bytes of numbers, its header says 4",
    ],
  ])("with %s are refused", (_, bytes, text) => {
    expect(messageOf(() => decodeSafetensors(bytes, "f"))).toBe(text);
  });
});
