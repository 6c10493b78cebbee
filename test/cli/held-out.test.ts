import { join } from "node:path";
import { expect, test } from "vitest";
import { openHeldOut } from "../../src/cli/held-out.js";
import { openData } from "../../src/data/open.js";
import { fill, png, temporary } from "../data/make.js";

const hues = Array.from({ length: 6 }, (_, i) => png([40 * i, 90, 200 - 30 * i]));
const [a, b, c, d, e, f] = (await Promise.all(hues)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
const split = await fill(join(await temporary(), "split"), {
  "train/1.png": a,
  "train/2.png": b,
  "test/3.png": c,
  "test/4.png": d,
  "test/5.png": e,
});
const whole = await fill(join(await temporary(), "whole"), { "1.png": a, "2.png": f });

const heldOut = async (source: string, options = {}) =>
  await openHeldOut({ source, options }, await openData(source, options));

test("what is drawn has items of another seed", async () => {
  const data = await openData("shapes", { size: 16, limit: 40 });
  const found = await openHeldOut({ source: "shapes", options: { size: 16, limit: 40 } }, data);
  expect(found).toMatchObject({ kind: "pictures", shape: [3, 16, 16], count: 512 });
  expect(found?.fingerprint).not.toBe(data.fingerprint);
  expect(await heldOut("ring", { limit: 100 })).toMatchObject({ shape: [2], count: 512 });
});

test("files have their test split, in the shape of what is trained on", async () => {
  expect(await heldOut(split, { size: 12, color: "rgb" })).toMatchObject({
    name: "split-test",
    shape: [3, 12, 12],
    count: 3,
  });
});

test("what has no other part has none", async () => {
  expect(await heldOut(whole)).toBeUndefined();
  expect(await heldOut(split, { split: "test" })).toBeUndefined();
  expect(
    await heldOut("stacked:shapes", { count: 20, size: 16 }).catch(() => undefined),
  ).toBeUndefined();
});

test("what belongs to pictures is held out with them, when it is of the same kind", async () => {
  const drawings = (value: number) => png([value, value, value]);
  const folder = await fill(join(await temporary(), "pairs"), {
    "train-photos/1.png": a,
    "train-photos/2.png": b,
    "train-drawings/1.png": await drawings(1),
    "train-drawings/2.png": await drawings(2),
    "val-photos/3.png": c,
    "val-drawings/3.png": await drawings(3),
  });
  const options = { within: "train-photos", given: "train-drawings" };
  const found = await heldOut(folder, options);
  expect(found).toMatchObject({ name: "pairs-test", count: 1, given: { shape: [1, 8, 8] } });
  expect(found?.given?.items).toEqual(new Uint8Array(64).fill(3));
  expect(await heldOut("shapes", { size: 16, limit: 9, given: "edges" })).toMatchObject({
    count: 512,
    given: { shape: [1, 16, 16] },
  });
  // Classes that are counted are those of one split.
  expect(await heldOut(folder, { ...options, legend: "auto" })).toBeUndefined();
});
