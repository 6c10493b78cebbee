import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openData } from "../../src/data/open.js";
import { augment, augmentationNumbers } from "../../src/nn/augmentation.js";
import { compute } from "../../src/runtime/compute.js";
import type {
  AugmentReply,
  DataReply,
  DataSummary,
  RunDetail,
  Sheet,
  StartedReply,
} from "../../src/server/api.js";
import { Random } from "../../src/shape/random.js";
import { input } from "../../src/tensor/tensor.js";
import { png, zipOf } from "../data/make.js";
import { get, openStudio, originOf, post, raw, temporaryFolder } from "./support.js";

const runs = temporaryFolder();
const uploads = join(runs, "uploads");
const studio = await openStudio({ runs, limits: { bytes: 400_000, files: 40 } });

type Refused = { readonly error: { readonly op: string; readonly why: string } };

type Files = Readonly<Record<string, Uint8Array | string>>;

/** A form as a browser sends it; names keep their folders. */
function formOf(files: Files, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, bytes] of Object.entries(files)) {
    form.append("files", new Blob([Uint8Array.from(Buffer.from(bytes))]), name);
  }
  return form;
}

const bring = (files: Files, fields?: Readonly<Record<string, string>>) =>
  post<DataSummary>(studio, "/api/data", formOf(files, fields));

/** The colours of a sheet's tiles, at their middles. */
async function colorsOf({ url, tile, columns, gap, count }: Sheet): Promise<number[][]> {
  const reply = await fetch(originOf(studio) + url);
  expect(reply.headers.get("content-type")).toBe("image/png");
  const { data, info } = await sharp(Buffer.from(await reply.arrayBuffer()))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Array.from({ length: count }, (_, i) => {
    const x = (i % columns) * (tile.width + gap) + tile.width / 2;
    const y = Math.floor(i / columns) * (tile.height + gap) + tile.height / 2;
    return [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  });
}

const red = await png([250, 10, 10], { width: 24, height: 24 });
const green = await png([10, 250, 10], { width: 24, height: 24 });
const blue = await png([10, 10, 250], { width: 24, height: 24 });
/** Nothing of what was refused stays. */
const kept = (): string[] => (existsSync(uploads) ? readdirSync(uploads).sort() : []);

describe("pictures that are brought", () => {
  it("become a data set: what was read, what was not and why, how they look", async () => {
    const { status, body } = await bring({
      "photos/warm/1.png": red,
      "photos/cold/2.png": blue,
      "photos/cold/3.png": green,
      "photos/cold/broken.png": red.subarray(0, 40),
      "photos/.DS_Store": "x",
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ name: "photos", kind: "pictures", shape: [3, 24, 24], count: 3 },
      ...{ size: { width: 24, height: 24 }, color: "rgb", bytes: 3 * 24 * 24 * 3 },
      classes: [
        { name: "cold", count: 2 },
        { name: "warm", count: 1 },
      ],
    });
    expect(body.id).toMatch(/^photos-[0-9a-f]{6}$/);
    expect(body.rejected).toEqual([
      { file: "photos/.DS_Store", why: "is hidden" },
      { file: "cold/broken.png", why: expect.stringMatching(/^is (damaged|cut|not a picture)/) },
    ]);
    expect(body.preview.count).toBe(3);
    expect(await colorsOf(body.preview)).toEqual([
      [10, 10, 250],
      [10, 250, 10],
      [250, 10, 10],
    ]);
    const { body: known } = await get<DataReply>(studio, "/api/data");
    expect(known.uploads.map(({ id }) => id)).toContain(body.id);
    // The files are the ones that were brought.
    const home = join(uploads, body.id, "photos", "warm", "1.png");
    expect(readFileSync(home).equals(red)).toBe(true);
  });

  it("are read again with other options, and trained on", async () => {
    const zip = zipOf([
      { name: "a/1.png", bytes: red },
      { name: "b/2.png", bytes: blue },
      { name: "b/3.png", bytes: green },
    ]);
    const { body } = await bring({ "My faces!.zip": zip }, { size: "16", color: "grey" });
    expect(body).toMatchObject({ name: "My-faces", shape: [1, 16, 16], color: "grey", count: 3 });
    const path = `/api/data/${body.id}?size=8x12&color=rgb`;
    const again = await get<DataSummary>(studio, path);
    expect(again.body).toMatchObject({ shape: [3, 8, 12], size: { width: 12, height: 8 } });
    const started = await post<StartedReply>(studio, "/api/runs", {
      system: "dcgan",
      data: { source: body.id, options: { size: 16 } },
      hyper: { latent: 4, width: 4, batch: 2, group: 2 },
      rounds: 2,
    });
    expect(started.body.id).toBe("00001-dcgan-My-faces-seed0");
    await expect
      .poll(async () => (await get<RunDetail>(studio, `/api/runs/${started.body.id}`)).body.state)
      .toBe("finished");
    const { record } = (await get<RunDetail>(studio, `/api/runs/${started.body.id}`)).body;
    expect(record.data).toMatchObject({ name: "My-faces", count: 3, shape: [3, 16, 16] });
  });

  it("may be one picture, or points in a table", async () => {
    const one = await bring({ "red.png": red });
    expect(one.body).toMatchObject({ name: "red", count: 1, kind: "pictures" });
    const table = await bring({ "points.csv": "x,y\n1,2\n3,4\n5,6\n" });
    expect(table.body).toMatchObject({
      ...{ name: "points", count: 3, kind: "points", shape: [2], size: null, color: null },
    });
    expect(table.body.preview).toMatchObject({ count: 1, width: 512, height: 512 });
  });

  it("may be a table, read as its fields say", async () => {
    const rows = Array.from({ length: 70 }, (_, i) => `n${i},${i},${i === 3 ? "" : i % 5}`);
    const people = { "people.csv": `name,age,pay\n${rows.join("\n")}\n` };
    const refused = await bring(people);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      error: { why: "column 1 (name) has 70 different words, too many for a category" },
    });
    const read = await bring(people, { leave: "name", category: "pay", skipMissing: "true" });
    expect(read.body).toMatchObject({ name: "people", count: 69, shape: [6] });
  });
});

describe("pictures that others belong to", () => {
  it("are halves of what is brought, or have theirs made from them; never by a path", async () => {
    const both = await sharp(red)
      .extend({ right: 24, background: { r: 10, g: 10, b: 250 } })
      .png()
      .toBuffer();
    const files = { "1.png": both, "2.png": both };
    const { body, status } = await bring(files, { pairs: "side-by-side", direction: "BtoA" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ shape: [3, 24, 24], count: 2 });
    const [given, item] = await Promise.all(
      [0, 26].map(async (left) => {
        const reply = await fetch(originOf(studio) + body.preview.url);
        const sheet = Buffer.from(await reply.arrayBuffer());
        const pixel = await sharp(sheet)
          .extract({ left, top: 5, width: 1, height: 1 })
          .raw()
          .toBuffer();
        return [...pixel.subarray(0, 3)];
      }),
    );
    expect([given, item]).toEqual([
      [10, 10, 250],
      [250, 10, 10],
    ]);
    expect(body.preview.tile).toEqual({ width: 50, height: 24 });
    const drawn = await get<DataSummary>(studio, `/api/data/${body.id}?given=edges`);
    expect(drawn.body.preview.tile).toEqual({ width: 98, height: 24 });
    const refused = await get<Refused>(studio, `/api/data/${body.id}?given=..%2F..%2Fphotos`);
    expect([refused.status, refused.body.error.op]).toEqual([400, "given"]);
    const lone = await get<Refused>(studio, `/api/data/${body.id}?direction=BtoA`);
    expect([lone.status, lone.body.error.why]).toEqual([422, "belongs to pairs side by side"]);
  });
});

describe("what is brought and refused", () => {
  const bomb = Buffer.from(red);
  bomb.writeUInt32BE(30_000, 16);
  bomb.writeUInt32BE(30_000, 20);
  const many = Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`${i}.png`, red]));
  const refusals: readonly [string, Files, number, string][] = [
    ["nothing", {}, 400, "upload: has no files"],
    ["only hidden files", { ".a.png": red }, 400, "upload: has no files"],
    [
      "no picture",
      { "a.png": "hello", "b.png": "hello" },
      422,
      "pictures: 2 of 2 pictures cannot be used",
    ],
    ["a text", { "notes.txt": "hello there" }, 422, "notes.txt: holds no pictures"],
    [
      "a picture that would fill the memory",
      { "a.png": bomb, "b.png": bomb },
      422,
      "pictures: 2 of 2 pictures cannot be used",
    ],
    ["a name that climbs", { "../a.png": red }, 400, "../a.png: leads out of its folder"],
    [
      "a name that climbs back",
      { "a/../../b.png": red },
      400,
      "a/../../b.png: leads out of its folder",
    ],
    [
      "a name that climbs as in Windows",
      { "..\\a.png": red },
      400,
      "..\\\\a.png: leads out of its folder",
    ],
    ["a name with a zero", { "a\0.png": red }, 400, "a\\u0000.png: has letters that no name has"],
    [
      "a name without end",
      { [`${"a".repeat(300)}.png`]: red },
      400,
      `${"a".repeat(60)}: is too long`,
    ],
    [
      "folders without end",
      { [`${"a/".repeat(20)}b.png`]: red },
      400,
      `${"a/".repeat(20)}b.png: lies in more than 8 folders`,
    ],
    ["a name twice", { "a/1.png": red, "A/1.PNG": red }, 400, "A/1.PNG: is there twice"],
    [
      "a zip beside pictures",
      { "a.zip": zipOf([]), "b.png": red },
      400,
      "a.zip: lies beside other files",
    ],
    ["an empty zip", { "a.zip": zipOf([]) }, 422, "a.zip: holds no pictures"],
    [
      "a text that calls itself a zip",
      { "My faces!.zip": "Dear reader" },
      422,
      "My faces!.zip: is no zip, or is cut short",
    ],
    ["too many files", many, 413, "upload: has more than 40 files"],
    [
      "too many bytes",
      { "a.zip": Buffer.alloc(500_000, 1) },
      413,
      "upload: is larger than 390 KiB",
    ],
  ];

  it.each(refusals)("%s", async (_, files, status, text) => {
    const before = kept();
    const answer = await bring(files);
    const { op, why } = answer.body.error!;
    expect({ status: answer.status, text: `${op}: ${why}` }).toEqual({ status, text });
    expect(kept()).toEqual(before);
    expect(JSON.stringify(answer.body)).not.toContain(runs);
  });

  it("a zip that would unpack to much more than it is", async () => {
    const before = kept();
    const zeros = Buffer.alloc(200_000_000);
    const zip = zipOf([{ name: "a.png", bytes: zeros, method: 8 }]);
    expect(zip.length).toBeLessThan(300_000);
    const { status, body } = await bring({ "bomb.zip": zip });
    expect(status).toBe(422);
    expect(body.error).toEqual({
      op: expect.stringMatching(/^bomb\.zip( › a\.png)?$/),
      why: expect.stringContaining("would unpack from"),
    });
    expect(kept()).toEqual(before);
  });

  it("a zip whose names climb writes nothing outside, and is read as what it holds", async () => {
    const zip = zipOf([
      { name: "../../../escaped.png", bytes: red },
      { name: "/absolute.png", bytes: red },
      { name: "inside.png", bytes: blue },
    ]);
    const { status } = await bring({ "slip.zip": zip });
    expect([201, 422]).toContain(status);
    for (const at of [runs, join(runs, ".."), uploads, "/"]) {
      expect(existsSync(join(at, "escaped.png"))).toBe(false);
      expect(existsSync(join(at, "absolute.png"))).toBe(false);
    }
  });

  it("wrong options, after which nothing stays", async () => {
    const before = kept();
    const { status, body } = await bring({ "a.png": red }, { size: "huge" });
    expect(status).toBe(400);
    expect(body.error).toEqual({ op: "size", why: "expected a number or two as in 32x64" });
    expect(kept()).toEqual(before);
  });

  it("a form that says it is larger than it may be, before it is read", async () => {
    const headers = {
      host: `127.0.0.1:${studio.port}`,
      origin: originOf(studio),
      authorization: `Bearer ${studio.token}`,
      "content-type": "multipart/form-data; boundary=x",
    };
    const large = { ...headers, "content-length": String(2 ** 40) };
    const answer = await raw(studio, { path: "/api/data", method: "POST", headers: large }).catch(
      // The connection may be closed before the answer is read.
      () => ({ status: 413 }),
    );
    expect(answer.status).toBe(413);
    const ask = (more: Record<string, string>, body: string) =>
      raw(studio, { path: "/api/data", method: "POST", headers: { ...headers, ...more }, body });
    for (const body of [
      "",
      "x",
      "--x",
      "--x\r\n\r\n",
      "--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--",
    ]) {
      expect((await ask({}, body)).status).toBe(400);
    }
    expect((await ask({ "content-type": "text/plain" }, "x")).status).toBe(415);
    expect((await ask({ "content-type": "multipart/form-data" }, "x")).status).toBe(415);
    expect(kept().filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe("a preview of augmentations", () => {
  it("shows what a discriminator would see", async () => {
    const request = { policy: ["flip", "color"], count: 3, variants: 2, seed: 5 };
    const path = "/api/data/shapes/augment";
    const asked = { ...request, options: { size: 16, limit: 50 } };
    const { status, body } = await post<AugmentReply>(studio, path, asked);
    expect(status).toBe(200);
    expect(body.before).toMatchObject({ columns: 1, count: 3 });
    expect(body.after).toMatchObject({ columns: 2, count: 6 });
    // The same numbers, computed here.
    const data = await openData("shapes", { size: 16, limit: 50 });
    const places = [0, 0, 16, 16, 33, 33];
    const items = places.flatMap((place) =>
      [...(data.items as Uint8Array).subarray(place * 768, (place + 1) * 768)].map(
        (byte) => byte / 127.5 - 1,
      ),
    );
    const random = new Random({ seed: 5, purpose: "augmentation preview" });
    const numbers = Array.from({ length: 6 * augmentationNumbers }, () => random.uniform());
    const x = input("x", [6, 3, 16, 16]);
    const u = input("u", [6, augmentationNumbers]);
    const y = augment(x, u, { policy: ["flip", "color"] });
    const computed = await compute({ y }, { x: items, u: numbers });
    const middles = Array.from({ length: 6 }, (_, i) =>
      [0, 1, 2].map((c) => {
        const value = computed.y[((i * 3 + c) * 16 + 8) * 16 + 8]!;
        return Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)));
      }),
    );
    expect(await colorsOf(body.after)).toEqual(middles);
  });

  it("refuses points, policies that are none, and data that are none", async () => {
    const points = await post(studio, "/api/data/ring/augment", { policy: ["flip"] });
    expect(points.body.error).toEqual({ op: "ring", why: "has no pictures to augment" });
    const none = await post(studio, "/api/data/shapes/augment", { policy: ["melt"] });
    expect(none.status).toBe(400);
    expect((await post(studio, "/api/data/nobody/augment", { policy: [] })).status).toBe(404);
  });
});
