import { expect, it } from "vitest";
import { scenes } from "../../src/data/scenes.js";
import { brokenRules } from "../../src/data/scenes-rules.js";
import { labelsIn } from "../../src/metrics/iou.js";
import { readItems } from "../../src/shape/items.js";

const size = { height: 32, width: 32 };
const area = 32 * 32;

it("scenes break no rule, at any size, and have all that rules are about", () => {
  for (const side of [32, 48, 64]) {
    const data = scenes({ count: 100, size: side, seed: 4 });
    const labels = labelsIn(data.items, data);
    for (let i = 0; i < data.count; i++) {
      const map = labels.subarray(i * side ** 2, (i + 1) * side ** 2);
      const broken = brokenRules(map, { height: side, width: side });
      expect(Object.values(broken), `scene ${i}`).toEqual([0, 0, 0, 0, 0, 0]);
    }
    expect(new Set(labels)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  }
});

it("rules notice what breaks them", () => {
  const data = scenes({ count: 60, seed: 2 });
  const all = labelsIn(data.items, data);
  const one = (has: (map: Uint8Array) => boolean): Uint8Array => {
    for (let i = 0; i < data.count; i++) {
      const map = all.slice(i * area, (i + 1) * area);
      if (has(map)) return map;
    }
    throw new Error("there is none among them");
  };
  const without = (map: Uint8Array, label: number): Uint8Array =>
    map.map((other) => (other === label ? 0 : other));
  const ringed = one((map) => map.includes(2) && map.includes(4));
  expect(brokenRules(without(ringed, 3), size).wrongCores).toBeGreaterThan(0);
  expect(brokenRules(without(ringed, 2), size).strayCores).toBeGreaterThan(0);
  expect(brokenRules(without(ringed, 5), size).wrongRoofs).toBeGreaterThan(0);
  expect(brokenRules(without(ringed, 4), size).strayRoofs).toBeGreaterThan(0);
  const first = ringed.indexOf(2);
  const cut = ringed.map((label, i) => (label === 2 && i % 32 === first % 32 ? 0 : label));
  expect(brokenRules(cut, size).openRings).toBeGreaterThan(0);
  const halved = ringed.map((label, i) =>
    label === 1 && (i % 32 === 16 || Math.floor(i / 32) === 16) ? 0 : label,
  );
  const lonely = ringed.map((label, i) =>
    label === 1 && (i % 32 < 4 || i % 32 > 27 || i < 4 * 32 || i >= 28 * 32) ? 0 : label,
  );
  expect(brokenRules(halved, size).brokenRoads).toBeGreaterThan(0);
  expect(brokenRules(lonely, size).brokenRoads).toBeGreaterThan(0);
});

it("the same seed gives the same scenes, another one others, and photos are of their maps", () => {
  const [one, same, other] = [
    scenes({ count: 3 }),
    scenes({ count: 3 }),
    scenes({ count: 3, seed: 1 }),
  ];
  expect(same.fingerprint).toBe(one.fingerprint);
  expect(same.given?.items).toEqual(one.given?.items);
  expect(other.fingerprint).not.toBe(one.fingerprint);
  expect(readItems(scenes({ count: 9 }), [2])).toEqual(readItems(one, [2]));
  // Without noise and blotches a photo has one colour for each class, but for the light.
  const clear = scenes({ count: 1, noise: 0, blotches: 0 });
  const labels = labelsIn(clear.items, clear);
  const photo = clear.given!.items as Uint8Array; // made in memory
  const spread = [0, 1].map((label) => {
    const reds = [...labels].flatMap((other, i) => (other === label ? [photo[i]!] : []));
    return Math.max(...reds) - Math.min(...reds);
  });
  for (const range of spread) expect(range).toBeLessThan(70);
});

it("refuses what makes no scene", () => {
  expect(() => scenes({ size: 16 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigurationError: scenes.size: a scene needs 32 pixels a side, not 16]`,
  );
  expect(() => scenes({ count: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigurationError: scenes.count: expected a whole number of at least 1, received 0]`,
  );
  expect(() => scenes({ noise: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigurationError: scenes.noise: expected a number of at least 0, received -1]`,
  );
});
