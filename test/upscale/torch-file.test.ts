import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { floatsToHalves, halvesToFloats } from "../../src/run/safetensors-numbers.js";
import { BelamyError } from "../../src/shape/error.js";
import { Random } from "../../src/shape/random.js";
import { openUpscaler } from "../../src/upscale/open.js";
import { readTorchFile } from "../../src/upscale/torch-file.js";
import { fileOf, golden, goldenTensor, weightsOf } from "./rrdb-golden.js";

const folder = mkdtempSync(join(tmpdir(), "belamy-torch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const goldenPath = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

const messageOf = async (job: Promise<unknown>): Promise<string> => {
  const error = await job.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof BelamyError) return `${error.name}: ${error.message}`;
  throw error ?? new Error("nothing was thrown");
};

/** The golden weights as PyTorch rounded them. */
const wanted = (name: string): readonly number[] =>
  Array.from(halvesToFloats(floatsToHalves(goldenTensor("x2 plain", `before/${name}`).data)));

describe("files of torch.save", () => {
  const { names } = golden.cases["x2 plain"]!;

  test("as a zip: dictionaries inside of dictionaries, halves, numbers that lie otherwise", async () => {
    const tensors = await readTorchFile(goldenPath("rrdb-zip.pth"), "rrdb-zip.pth");
    const keys = names.new.map((key) => `params_ema.${key}`);
    expect(Object.keys(tensors).filter((key) => key.startsWith("params_ema."))).toEqual(keys);
    expect(Object.keys(tensors)).toHaveLength(2 * keys.length);
    names.middle.forEach((name, i) => {
      const { shape, data } = tensors[keys[i]!]!;
      expect(shape).toEqual(goldenTensor("x2 plain", `before/${name}`).shape);
      expect(Array.from(data), name).toEqual(wanted(name));
    });
  });

  test("as before 2020", async () => {
    const tensors = await readTorchFile(goldenPath("rrdb-legacy.pth"), "rrdb-legacy.pth");
    expect(Object.keys(tensors)).toEqual(names.old);
    names.middle.forEach((name, i) => {
      expect(Array.from(tensors[names.old[i]!]!.data), name).toEqual(wanted(name));
    });
  });

  test("give the picture that safetensors give", async () => {
    const rounded = Object.entries(weightsOf("x2 plain", "middle")).map(
      ([key, { shape, data }]) => [key, { shape, data: halvesToFloats(floatsToHalves(data)) }],
    );
    const safe = join(folder, "safe.safetensors");
    writeFileSync(safe, fileOf(Object.fromEntries(rounded)));
    const data = Float32Array.from({ length: 12 * 9 }, (_, i) => (i % 7) / 7);
    const made = await Promise.all(
      [safe, goldenPath("rrdb-zip.pth"), goldenPath("rrdb-legacy.pth")].map(async (path) => {
        const upscaler = await openUpscaler(path, { threads: 1 });
        const picture = await upscaler.upscale({ channels: 1, height: 12, width: 9, data });
        await upscaler.release();
        return picture;
      }),
    );
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
  });

  test("call nothing", async () => {
    expect(await readTorchFile(goldenPath("rrdb-calls.pth"), "c.pth")).toEqual({});
    expect(await messageOf(openUpscaler(goldenPath("rrdb-calls.pth")))).toMatch(
      /^DataError: rrdb-calls\.pth: has no weights of an ESRGAN network\n/,
    );
    expect(existsSync("unpickled")).toBe(false);
  });

  test("that were damaged are refused or read", async () => {
    const whole = readFileSync(goldenPath("rrdb-legacy.pth"));
    const random = new Random({ seed: 8, purpose: "damage" });
    const path = join(folder, "damaged.pth");
    let refused = 0;
    for (let i = 0; i < 150; i++) {
      const bytes = Buffer.from(whole);
      // Numbers begin after the pickles, and any of them is as good as another.
      bytes[random.integer(6000)] = random.integer(256);
      const cut = i % 3 === 0 ? random.integer(whole.length) : whole.length;
      writeFileSync(path, bytes.subarray(0, cut));
      try {
        for (const { shape, data } of Object.values(await readTorchFile(path, "damaged.pth"))) {
          expect(data).toHaveLength(shape.reduce((n, d) => n * d, 1));
        }
      } catch (error) {
        expect(error, String(error)).toBeInstanceOf(BelamyError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });

  /** A pickle by its operations, in the form of before 2020. */
  const stream = (...operations: readonly (number | string)[]): string => {
    const path = join(folder, "made.pth");
    const head = [
      0x80,
      2,
      0x8a,
      10,
      ...[0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19],
    ];
    const plain = [0x2e, 0x80, 2, 0x4d, 0xe9, 3, 0x2e, 0x80, 2, 0x7d, 0x2e, 0x80, 2];
    const own = operations.map((part) => (typeof part === "string" ? Buffer.from(part) : [part]));
    writeFileSync(path, Buffer.concat([...[head, plain, ...own].map((b) => Buffer.from(b))]));
    return path;
  };

  test.each<[string, () => string, string]>([
    ["text", () => stream("."), "has a broken pickle"],
    [
      "an operation for what is not data",
      () => stream("P0\n."),
      "has a pickle with the operation 0x50",
    ],
    ["no end", () => stream("}"), "ends within its pickle"],
    [
      "an extension",
      () => stream("}(X", 2, 0, 0, 0, "akNQu."),
      "keeps something other than numbers beside its pickle",
    ],
    [
      "a type of the future",
      () => stream("((X", 7, 0, 0, 0, "storagectorch\nQuarterStorage\nK", 1, "tQ."),
      "has numbers of type torch.QuarterStorage",
    ],
    [
      "a tensor without a shape",
      () => stream("ctorch._utils\n_rebuild_tensor_v2\n(NNNNtR."),
      "has a tensor without a place or a shape",
    ],
    [
      "something else",
      () => {
        writeFileSync(join(folder, "text.pth"), "hello");
        return join(folder, "text.pth");
      },
      "is no file of torch.save",
    ],
    [
      "another zip",
      () => {
        const empty = Buffer.alloc(22);
        empty.write("PK\x05\x06", "latin1");
        writeFileSync(join(folder, "empty.pth"), empty);
        return join(folder, "empty.pth");
      },
      "is a zip without a data.pkl",
    ],
  ])("with %s are refused", async (_, path, why) => {
    expect(await messageOf(readTorchFile(path(), "f.pth"))).toBe(`DataError: f.pth: ${why}`);
  });
});
