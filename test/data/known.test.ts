import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bring } from "../../src/data/known/download.js";
import { openSet } from "../../src/data/known/open.js";
import { type KnownFile, knownNames, knownSets } from "../../src/data/known/sets.js";
import { openData } from "../../src/data/open.js";
import { failure, gzip, idxOf, noise, tarOf, temporary } from "./make.js";

const folder = await temporary();
const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
const known = (
  name: string,
  bytes: Uint8Array,
  split: KnownFile["split"] = "train",
): KnownFile => ({
  name,
  split,
  bytes: bytes.length,
  md5: md5(bytes),
});

const whole = Buffer.from(noise(300_000));
const file = known("set.bin", whole);

/** What the server answers next, and what it was asked. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let answers: Answer[] = [];
let asked: string[] = [];
let server: Server;
let home: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    (answers.shift() ?? refuse(500))(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`; // it listens on a port
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answers = [];
  asked = [];
});

const send =
  (bytes: Uint8Array): Answer =>
  (_, response) =>
    void response.end(bytes);
const refuse =
  (status: number): Answer =>
  (_, response) => {
    response.statusCode = status;
    response.end();
  };
/** Sends some bytes of a whole and hangs up. */
const drop =
  (bytes: Uint8Array, after: number): Answer =>
  (_, response) => {
    response.setHeader("content-length", bytes.length);
    response.write(bytes.subarray(0, after), () => setTimeout(() => response.destroy(), 20));
  };
/** Sends what is missing, as RFC 9110 section 14 says. */
const resume =
  (bytes: Uint8Array): Answer =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")![1]);
    response.statusCode = 206;
    response.setHeader("content-range", `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.end(bytes.subarray(from));
  };

let next = 0;
const own = (): string => join(folder, `sets${next++}`);
const host = (): string => new URL(home).host;

describe("a download", () => {
  test("is checked and kept, and not made again", async () => {
    const where = own();
    const notes: string[] = [];
    const seen: number[] = [];
    answers = [send(whole)];
    const download = {
      set: "mnist",
      file,
      folder: where,
      homes: [home],
      onNote: (text: string) => notes.push(text),
      onDownload: (done: number) => seen.push(done),
    };
    const path = await bring(download);
    expect(readFileSync(path).equals(whole)).toBe(true);
    expect(await bring(download)).toBe(path);
    expect(asked).toEqual(["/files/set.bin"]);
    expect(notes).toEqual([`downloading set.bin (300.0 kB) from ${host()}`]);
    expect(seen.at(-1)).toBe(300_000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(readdirSync(where)).toEqual(["set.bin"]);
    // Damaged since: brought again.
    writeFileSync(path, Buffer.alloc(whole.length));
    answers = [send(whole)];
    await bring(download);
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test("that breaks off goes on where it was", async () => {
    answers = [drop(whole, 100_000), resume(whole)];
    const path = await bring({ set: "mnist", file, folder: own(), homes: [home] });
    expect(asked[0]).toBe("/files/set.bin");
    expect(asked[1]).toMatch(/^\/files\/set\.bin bytes=\d+-$/);
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test("that breaks off begins anew where a home knows no ranges", async () => {
    answers = [drop(whole, 100_000), send(whole)];
    const path = await bring({ set: "mnist", file, folder: own(), homes: [home] });
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test("that a killed process left goes on, and begins anew when that was wrong", async () => {
    for (const left of [whole.subarray(0, 5000), Buffer.alloc(5000)]) {
      const where = own();
      mkdirSync(where);
      writeFileSync(join(where, "set.bin.1.part"), left);
      utimesSync(join(where, "set.bin.1.part"), 1, 1);
      asked = [];
      answers = [resume(whole), send(whole)];
      const path = await bring({ set: "mnist", file, folder: where, homes: [home] });
      expect(readFileSync(path).equals(whole)).toBe(true);
      expect(asked[0]).toBe("/files/set.bin bytes=5000-");
      expect(asked).toHaveLength(left[1] === whole[1] ? 1 : 2);
      expect(readdirSync(where)).toEqual(["set.bin"]);
    }
  });

  test("leaves alone what another process is writing", async () => {
    const where = own();
    mkdirSync(where);
    writeFileSync(join(where, "set.bin.1.part"), "theirs");
    answers = [send(whole)];
    await bring({ set: "mnist", file, folder: where, homes: [home] });
    expect(asked).toEqual(["/files/set.bin"]);
    expect(readFileSync(join(where, "set.bin.1.part"), "utf8")).toBe("theirs");
  });

  test("goes to the next home where one fails", async () => {
    answers = [refuse(404), send(Buffer.alloc(whole.length, 7)), send(whole)];
    const homes = [`${home}/a/`, `${home}/b`, `${home}/c`];
    const path = await bring({ set: "mnist", file, folder: own(), homes });
    expect(asked).toEqual(["/files/a/set.bin", "/files/b/set.bin", "/files/c/set.bin"]);
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test("that no home can give says why, and what to pass instead", async () => {
    const wrong = Buffer.alloc(whole.length, 7);
    const broken = drop(whole, 100_000);
    const silent: Answer = (_, response) => void response.write("x");
    const closed = createServer();
    await new Promise<void>((resolve) => {
      closed.listen(0, "127.0.0.1", resolve);
    });
    const { port } = closed.address() as AddressInfo; // it listens on a port
    await new Promise((resolve) => closed.close(resolve));
    const said = async (reason: string, homes: string[]) => {
      const where = own();
      const patienceMs = reason.startsWith("is silent") ? 100 : 5000;
      const text = await failure(bring({ set: "mnist", file, folder: where, homes, patienceMs }));
      const { host: told } = new URL(homes[0]!);
      expect(text.replace(/after [\d.]+ kB/, "after some kB")).toBe(
        [
          "DataError: mnist: set.bin cannot be downloaded",
          `  ${told}  ${reason}`,
          `  ${"hint".padEnd(told.length)}  pass files that you have, such as belamy train ./path/to/mnist`,
        ].join("\n"),
      );
      expect(existsSync(join(where, "set.bin"))).toBe(false);
    };
    answers = [refuse(404)];
    await said("answers 404", [home]);
    answers = [send(wrong)];
    await said(`sent other bytes, MD5 ${md5(wrong)} instead of ${file.md5}`, [home]);
    answers = [send(Buffer.concat([whole, whole]))];
    await said("sends more than 300.0 kB", [home]);
    answers = [broken, broken, broken];
    await said("broke off after some kB of 300.0 kB", [home]);
    answers = [silent, silent, silent];
    await said("is silent for 0.1 s", [home]);
    await said("cannot be reached (ECONNREFUSED)", [`http://127.0.0.1:${port}/`]);
  });

  test("that cannot be kept says so", async () => {
    const where = own();
    writeFileSync(where, "a file");
    expect(await failure(bring({ set: "mnist", file, folder: where, homes: [home] }))).toBe(
      [
        "DataError: mnist: cannot be kept, a file has its folder's name",
        `  folder  ${where}`,
        "  hint    set BELAMY_CACHE to a folder with more room",
      ].join("\n"),
    );
  });

  test("stops when it is told to", async () => {
    const stopping = new AbortController();
    answers = [drop(whole, 100_000)];
    const download = { set: "mnist", file, folder: own(), homes: [home], signal: stopping.signal };
    const onDownload = () => stopping.abort();
    await expect(bring({ ...download, onDownload })).rejects.toThrow("aborted");
  });
});

describe("a set of files", () => {
  const parts = {
    "train-images-idx3-ubyte.gz": gzip(idxOf([3, 2, 2], Buffer.from(noise(12)))),
    "train-labels-idx1-ubyte.gz": gzip(idxOf([3], Buffer.from([1, 0, 1]))),
    "t10k-images-idx3-ubyte.gz": gzip(idxOf([1, 2, 2], Buffer.from([9, 8, 7, 6]))),
    "t10k-labels-idx1-ubyte.gz": gzip(idxOf([1], Buffer.from([1]))),
  };
  const files = Object.entries(parts).map(([name, bytes]) =>
    known(name, bytes, name.startsWith("t10k") ? "test" : "train"),
  );

  test("of IDX: only the split asked for is downloaded, under its own name", async () => {
    const set = { files, homes: [home], classes: ["shirt", "shoe"], cache: { folder: own() } };
    answers = files.slice(0, 2).map(({ name }) => send(parts[name as keyof typeof parts])); // a key
    const data = await openSet("fashion-mnist", set);
    expect(asked).toEqual([
      "/files/train-images-idx3-ubyte.gz",
      "/files/train-labels-idx1-ubyte.gz",
    ]);
    expect(data).toMatchObject({ name: "fashion-mnist", count: 3, classes: ["shirt", "shoe"] });
    expect([...data.labels!]).toEqual([1, 0, 1]);
    answers = files.slice(2).map(({ name }) => send(parts[name as keyof typeof parts])); // a key
    const test = await openSet("fashion-mnist", { ...set, split: "test" });
    expect(test).toMatchObject({ name: "fashion-mnist-test", count: 1 });
    expect(asked).toHaveLength(4);
    await openSet("fashion-mnist", set);
    expect(asked).toHaveLength(4);
  });

  test("of CIFAR's archive: one file for both splits", async () => {
    const record = (label: number) => Buffer.from([label, ...noise(3072)]);
    const within = "cifar-10-batches-bin";
    const tar = gzip(
      await tarOf({
        [`${within}/batches.meta.txt`]: Buffer.from("cat\ndog\n2\n3\n4\n5\n6\n7\n8\n9\n"),
        [`${within}/data_batch_1.bin`]: Buffer.concat([record(1), record(0)]),
        [`${within}/test_batch.bin`]: record(1),
      }),
    );
    const archive = known("cifar-10-binary.tar.gz", tar, "both");
    answers = [send(tar)];
    const set = { files: [archive], homes: [home], cache: { folder: own() } };
    const data = await openSet("cifar10", set);
    expect(data).toMatchObject({ name: "cifar10", count: 2, shape: [3, 32, 32] });
    expect(data.classes.slice(0, 2)).toEqual(["cat", "dog"]);
    const test = await openSet("cifar10", { ...set, split: "test" });
    expect(test).toMatchObject({ name: "cifar10-test", count: 1 });
    expect(asked).toHaveLength(1);
  });
});

test("a name opens its set; without a network the error says what to pass", async () => {
  answers = [refuse(404)];
  const cache = { folder: own() };
  expect(await failure(openData("fashion-mnist", { homes: [home], cache }))).toBe(
    [
      "DataError: fashion-mnist: train-images-idx3-ubyte.gz cannot be downloaded",
      `  ${host()}  answers 404`,
      `  ${"hint".padEnd(host().length)}  pass files that you have, such as belamy train ./path/to/fashion-mnist`,
    ].join("\n"),
  );
  expect(await failure(openData("mnits"))).toContain("did you mean mnist?");
});

test("every known set has homes behind TLS and files with a sum", () => {
  for (const name of knownNames) {
    const { homes, files } = knownSets[name];
    for (const address of homes) expect(new URL(address).protocol).toBe("https:");
    for (const { md5: sum, bytes } of files) {
      expect(sum).toMatch(/^[0-9a-f]{32}$/);
      expect(bytes).toBeGreaterThan(1000);
    }
    const splits = new Set(files.map(({ split }) => split));
    expect(splits.has("both") || splits.size === 2).toBe(true);
  }
});
