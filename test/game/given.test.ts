import { expect, test } from "vitest";
import { Dealer } from "../../src/game/dealer.js";
import type { Draw } from "../../src/game/draws.js";

const items = Float32Array.from({ length: 8 }, (_, i) => i);
const given = Float32Array.from({ length: 8 }, (_, i) => -i);
const draws = {
  x: { kind: "items", shape: [1], type: "float32" },
  y: { kind: "given", shape: [1], type: "float32" },
} as const satisfies Record<string, Draw>;
const place = { purpose: "play", turn: 0, group: 1, dealt: 5 };

test("what is given belongs to the items that are dealt", () => {
  const dealer = new Dealer({ count: 8, items, labels: undefined, given: { items: given } }, 3);
  const arrays = dealer.allocate(draws, 4);
  dealer.deal(draws, arrays, place);
  const { "draw.x": x, "draw.y": y } = arrays;
  expect(Array.from(y!, (value) => 0 - value)).toEqual(Array.from(x!));
});

test("items never stand in for what is given", () => {
  const dealer = new Dealer({ count: 8, items, labels: undefined }, 3);
  const arrays = dealer.allocate(draws, 4);
  expect(() => dealer.deal(draws, arrays, place)).toThrow("given: the data have none");
});
