import { expect, test } from "vitest";
import { settle } from "../../src/game/hyper.js";
import { initialState } from "../../src/game/initial-state.js";
import { trace } from "../../src/game/trace.js";
import { betweenPhases, keepsCopies } from "../../src/run/between.js";
import { dcgan } from "../../src/zoo/dcgan.js";
import { esrgan } from "../../src/zoo/esrgan.js";

const data = { kind: "pictures", shape: [3, 16, 16], classes: 0, count: 1 } as const;
const tiny = { patch: 16, blocks: 1, channels: 4, growth: 2, width: 2 };
const plan = trace(esrgan, { hyper: settle(esrgan.hyper, tiny), data });
const cells = initialState(plan, 3);
const name = "trunk_conv.weight";

test("between phases lies what lies between a network and the copy that was kept of it", () => {
  expect(keepsCopies(plan)).toBe(true);
  const between = betweenPhases({ plan, cells, phase: 1 }, 0.25);
  const [earlier, now] = [cells[`P.${name}`]!, cells[`average.G.${name}`]!];
  between[`average.G.${name}`]!.forEach((value, i) => {
    expect(value).toBeCloseTo(0.75 * earlier[i]! + 0.25 * now[i]!, 6);
  });
  expect(between[`P.${name}`]).toBe(cells[`P.${name}`]);
  expect(between["D.0.weight"]).toBe(cells["D.0.weight"]);
  expect(betweenPhases({ plan, cells, phase: 1 }, 1)[`average.G.${name}`]).toEqual(now);
  expect(betweenPhases({ plan, cells, phase: 1 }, 0)[`average.G.${name}`]).toEqual(earlier);
});

test("what has no earlier network says so", () => {
  const said = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      return String(error);
    }
    return "nothing";
  };
  expect(said(() => betweenPhases({ plan, cells }, 0.5))).toBe(
    "ConfigurationError: esrgan: has not come to the phase that keeps an earlier network",
  );
  const other = trace(dcgan, { hyper: settle(dcgan.hyper, { width: 4 }), data });
  expect(keepsCopies(other)).toBe(false);
  expect(said(() => betweenPhases({ plan: other, cells: {} }, 0.5))).toBe(
    "ConfigurationError: dcgan: keeps no network of an earlier phase",
  );
});
