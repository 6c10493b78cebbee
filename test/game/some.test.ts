import { describe, expect, test } from "vitest";
import { Dealer, fewOf } from "../../src/game/dealer.js";
import { sourceOf } from "../../src/game/draws.js";
import { drawPort } from "../../src/game/plan.js";

const count = 60;
const labels = Int32Array.from({ length: count }, (_, i) => (i < 40 ? 0 : i < 58 ? 1 : 2));
const data = { count, labels, items: Float32Array.from({ length: count }, (_, i) => i) };
const source = sourceOf({ kind: "points", shape: [1], classes: 3, count });

/** Items of each class among those that were chosen. */
const share = (few: readonly number[]): number[] =>
  [0, 1, 2].map((label) => few.filter((place) => labels[place] === label).length);

describe("a few items", () => {
  test("are as many of each class as there can be", () => {
    expect(share(fewOf(data, 6, 1))).toEqual([2, 2, 2]);
    expect(share(fewOf(data, 7, 1))).toEqual([3, 2, 2]);
    expect(share(fewOf(data, 12, 1))).toEqual([5, 5, 2]);
    expect(new Set(fewOf(data, 12, 1)).size).toBe(12);
    expect(fewOf(data, 100, 1).length).toBe(count);
  });

  test("are others for another seed, and the same for the same", () => {
    expect(fewOf(data, 6, 1)).toEqual(fewOf(data, 6, 1));
    expect(fewOf(data, 6, 1)).not.toEqual(fewOf(data, 6, 2));
    expect(share(fewOf({ ...data, labels: undefined }, 6, 1)).reduce((a, b) => a + b)).toBe(6);
  });

  test("are dealt with their labels, each as often as the others, and none beside them", () => {
    const draws = { x: source.items, few: source.someItems(6), c: source.someLabels(6) };
    const dealer = new Dealer(data, 4);
    const chosen = new Set(fewOf(data, 6, 4));
    const into = dealer.allocate(draws, 8);
    const times = new Map<number, number>();
    for (let turn = 0; turn < 6; turn++) {
      for (const group of [0, 1]) {
        dealer.deal(draws, into, { purpose: "D", turn, group, dealt: 16 * turn });
        const [few, c] = [into[drawPort("few")]!, into[drawPort("c")]!];
        few.forEach((place, i) => {
          expect(chosen.has(place)).toBe(true);
          expect(c[i]).toBe(labels[place]);
          times.set(place, (times.get(place) ?? 0) + 1);
        });
      }
    }
    expect([...times.values()]).toEqual([16, 16, 16, 16, 16, 16]);
  });
});
