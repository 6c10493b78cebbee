import { createHash } from "node:crypto";
import { createServer } from "node:net";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ring } from "../../src/data/points.js";
import { shapes } from "../../src/data/shapes.js";
import { train } from "../../src/run/train.js";
import { serveApp } from "../../src/serve/app.js";
import { Maker, mostWaiting } from "../../src/serve/maker.js";
import { RateLimit } from "../../src/serve/rate.js";
import { type Served, serve } from "../../src/serve/serve.js";
import { dcgan } from "../../src/zoo/dcgan.js";
import { gan } from "../../src/zoo/gan.js";

const small = { batch: 8, group: 8, width: 4, latent: 8 };
let [model, served]: [Uint8Array, Served] = [new Uint8Array(), undefined as never]; // set before any test

beforeAll(async () => {
  const data = shapes({ count: 32, size: 16 });
  const run = train({ system: dcgan, data, hyper: small, rounds: 3, folder: null, replicas: 1 });
  await run.finish();
  model = await run.generator();
  served = await serve(model, { name: "shapes.onnx", rate: 1e6 });
});
afterAll(() => served.close());

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(new URL(path, served.url), init);
const bytesOf = async (answer: Response): Promise<Buffer> =>
  Buffer.from(await answer.arrayBuffer());
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("a thousand visits, a thousand pictures, and each of them again by its seed", {
  timeout: 60_000,
}, async () => {
  const seen = new Map<string, string>();
  for (let i = 0; i < 1000; i += 100) {
    const visits = Array.from({ length: 100 }, async () => {
      const answer = await get("/picture.png");
      expect(answer.status).toBe(200);
      return [answer.headers.get("x-seed")!, hashOf(await bytesOf(answer))] as const;
    });
    for (const [seed, hash] of await Promise.all(visits)) seen.set(seed, hash);
  }
  expect(seen.size).toBe(1000);
  expect(new Set(seen.values()).size).toBe(1000);
  // One by one now, where they were made with others before.
  for (const [seed, hash] of [...seen].slice(0, 40)) {
    expect(hashOf(await bytesOf(await get(`/picture.png?seed=${seed}`)))).toBe(hash);
  }
});

test("a picture says that it is synthetic, by which model and seed", async () => {
  const answer = await get("/picture.png?seed=7");
  const { headers } = answer;
  expect(headers.get("x-synthetic")).toBe("true");
  expect(headers.get("content-location")).toBe("/picture.png?seed=7&truncation=1");
  expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  const { xmpAsString: xmp, width, height } = await sharp(await bytesOf(answer)).metadata();
  expect([width, height]).toEqual([16, 16]);
  expect(xmp).toContain("digitalsourcetype/trainedAlgorithmicMedia");
  expect(xmp).toContain("<belamy:seed>7</belamy:seed>");
  expect(xmp).toContain(`<belamy:model>${hashOf(model)}</belamy:model>`);
});

test("who has a picture is not sent it again; a fresh one is never kept", async () => {
  const etag = (await get("/picture.png?seed=7")).headers.get("etag")!;
  const again = await get("/picture.png?seed=7", { headers: { "If-None-Match": `"x", ${etag}` } });
  expect([again.status, (await bytesOf(again)).length]).toEqual([304, 0]);
  const other = await get("/picture.png?seed=8", { headers: { "If-None-Match": etag } });
  expect(other.status).toBe(200);
  expect((await get("/picture.png")).headers.get("cache-control")).toBe("no-store");
});

test("truncation draws pictures towards the middle", async () => {
  const middle = await Promise.all(
    [1, 2].map(async (seed) => {
      const answer = await get(`/picture.png?seed=${seed}&truncation=0`);
      return hashOf(
        await sharp(await bytesOf(answer))
          .raw()
          .toBuffer(),
      );
    }),
  );
  expect(middle[0]).toBe(middle[1]);
});

test("a page has a picture at a permanent address, and says what it is", async () => {
  const text = await (await get("/?seed=12")).text();
  expect(text).toContain('<img src="/picture.png?seed=12&amp;truncation=1" width="16" height="16"');
  expect(text).toContain("nothing and nobody in it exists");
  const fresh = await Promise.all([get("/"), get("/")].map(async (page) => (await page).text()));
  expect(fresh[0]).not.toBe(fresh[1]);
});

test("the same is told as JSON, and described as OpenAPI", async () => {
  const told = await (await get("/api/picture?seed=3")).json();
  expect(told).toMatchObject({
    seed: 3,
    truncation: 1,
    synthetic: true,
    width: 16,
    model: hashOf(model),
  });
  expect((await get(told.url)).headers.get("x-seed")).toBe("3");
  const { openapi, paths, components } = await (await get("/openapi.json")).json();
  expect(openapi).toBe("3.1.0");
  expect(Object.keys(told)).toEqual(expect.arrayContaining(components.schemas.Picture.required));
  for (const path of Object.keys(paths)) expect((await get(path)).status).toBe(200);
});

test("counts are there for Prometheus", async () => {
  await bytesOf(await get("/picture.png"));
  const text = await (await get("/metrics")).text();
  expect(text).toMatch(/^belamy_pictures_total [1-9]\d*$/m);
  expect(text).toMatch(/^belamy_requests_total\{route="\/picture.png",status="200"\} [1-9]\d*$/m);
  expect(text).toMatch(/^belamy_picture_seconds_count [1-9]\d*$/m);
  expect(text).toMatch(/^belamy_queue_pictures 0$/m);
});

test.each([
  ["/picture.png?seed=-1", 400, "seed", "expected a whole number up to 9007199254740991"],
  [
    "/picture.png?seed=99999999999999999",
    400,
    "seed",
    "expected a whole number up to 9007199254740991",
  ],
  ["/picture.png?seed=1e3", 400, "seed", "expected a whole number up to 9007199254740991"],
  ["/picture.png?truncation=", 400, "truncation", "expected a number from 0 to 1"],
  ["/picture.png?truncation=NaN", 400, "truncation", "expected a number from 0 to 1"],
  ["/etc/passwd", 404, "path", "there is nothing here"],
])("%s is refused", async (path, status, op, why) => {
  const answer = await get(path);
  expect([answer.status, (await answer.json()).error]).toEqual([status, { op, why }]);
});

test("two hundred hostile requests are answered, and then an honest one", async () => {
  const words = ["../", "%00", "<script>", "seed=", "😀", "'; DROP", "%ff", "a".repeat(3000)];
  const answers = Array.from({ length: 200 }, async (_, i) => {
    const word = encodeURI(words[i % words.length]!);
    const path = i % 2 ? `/picture.png?seed=${word}${i}` : `/${word}${i}?truncation=${word}`;
    const method = ["GET", "POST", "PUT", "DELETE", "OPTIONS"][i % 5]!;
    return (await get(path, { method, ...(method === "POST" ? { body: word } : {}) })).status;
  });
  const statuses = new Set(await Promise.all(answers));
  for (const status of statuses) expect([400, 404]).toContain(status);
  expect((await get("/healthz")).status).toBe(200);
  expect((await get("/picture.png?seed=1")).status).toBe(200);
});

test("who asks too often is told when to come back", async () => {
  const strict = await serve(model, { rate: 1 });
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++)
    statuses.push((await fetch(new URL("/api/picture", strict.url))).status);
  const refused = await fetch(new URL("/picture.png", strict.url));
  expect(statuses).toEqual([200, 200, 429]);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await refused.json()).error.why).toBe("you ask too often");
  expect((await fetch(new URL("/healthz", strict.url))).status).toBe(200);
  await strict.close();
});

test("when more wait than it takes, it says so, and those who wait are answered", async () => {
  const provenance = { title: "shapes", model: "none", version: "0" };
  const maker = await Maker.start({ model, name: "shapes.onnx", batch: 8, provenance });
  const order = (seed: number) => maker.make({ seed, truncation: 1 });
  const taken = Array.from({ length: mostWaiting }, (_, seed) => order(seed));
  await expect(order(0)).rejects.toThrow("queue: 256 pictures wait already");
  const rate = new RateLimit(1e6);
  const asked = {
    maker,
    provenance,
    rate,
    truncation: 1,
    addressOf: () => "",
    isClosing: () => false,
  };
  const refused = await serveApp(asked).request("/picture.png");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  await maker.close();
  for (const png of await Promise.all(taken)) expect(png.length).toBeGreaterThan(100);
});

test("whoever has asked before it closes is answered", async () => {
  const leaving = await serve(model, { rate: 1e6 });
  const asked = Array.from(
    { length: 64 },
    async () => (await fetch(new URL("/picture.png", leaving.url))).status,
  );
  const numberIn = (text: string, name: string): number =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${name} `))
        ?.split(" ")[1] ?? 0,
    );
  for (let arrived = 0; arrived < asked.length; ) {
    const text = await (await fetch(new URL("/metrics", leaving.url))).text();
    const names = ["belamy_pictures_total", "belamy_queue_pictures"];
    arrived = names.reduce((sum, name) => sum + numberIn(text, name), 0);
  }
  const closed = leaving.close();
  const statuses = await Promise.all(asked);
  await closed;
  expect(statuses.every((status) => status === 200)).toBe(true);
  await expect(fetch(leaving.url)).rejects.toThrow();
});

test("what cannot be served is named", async () => {
  const run = train({
    system: gan,
    data: ring({ count: 8 }),
    hyper: { batch: 4, group: 4, units: 4, width: 4 },
    rounds: 1,
    folder: null,
    replicas: 1,
  });
  await run.finish();
  await expect(serve(await run.generator(), { name: "ring.onnx" })).rejects.toThrow(
    "ring.onnx: makes points, not pictures",
  );
  await expect(serve(new Uint8Array(9), { name: "x.onnx" })).rejects.toThrow(
    "x.onnx: is no generator that Belamy exported",
  );
  const squatter = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => squatter.once("listening", done));
  const { port } = squatter.address() as { port: number };
  await expect(serve(model, { port })).rejects.toThrow(`port ${port}: is taken`);
  squatter.close();
});
