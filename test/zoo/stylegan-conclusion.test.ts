import { expect, test } from "vitest";
import { avatars } from "../../src/data/avatars.js";
import { conclude, lookAt } from "../../src/game/conclude.js";
import type { Conclusion } from "../../src/game/conclusion.js";
import { initialState } from "../../src/game/initial-state.js";
import { settleFor } from "../../src/game/system.js";
import { trace } from "../../src/game/trace.js";
import { descriptionOf } from "../../src/run/asked.js";
import { type Ended, handOf } from "../../src/zoo/stylegan/looking.js";
import { swapped, truncatedBy, varianceOf } from "../../src/zoo/stylegan/measures.js";
import { stylegan } from "../../src/zoo/stylegan.js";

const data = avatars({ count: 16 });
const heldOut = avatars({ count: 512, seed: 1 });
const tiny = { latent: 5, styles: 4, mapping: 2, width: 4, widest: 4 };

/** A run that has not begun; noise counts for nothing yet. */
function begun(given: Readonly<Record<string, number | string>> = {}) {
  const description = descriptionOf({ data });
  const hyper = settleFor(stylegan, description, { ...tiny, ...given });
  return {
    ...{ hyper, heldOut, seed: 1, round: 0 },
    data: { ...description, items: data.items, labels: data.labels },
    cells: initialState(trace(stylegan, { hyper, data: description }), 3),
    history: () => ({ rounds: [], values: [] }),
  };
}

const numberOf = ({ outcomes }: Conclusion, name: string): number =>
  outcomes.find((o) => o.name.startsWith(name))!.value;

test("a run ends with path lengths, mixed styles, truncation, and what styles and noise change", async () => {
  const said = (await conclude(stylegan, begun()))!; // it has one
  expect(Object.keys(said.figures)).toEqual(["mixing", "truncation", "styles"]);
  for (const { svg } of Object.values(said.figures)) expect(svg).toMatch(/^<svg/);
  const [z, w] = ["path length in z", "path length in w,"].map((name) => numberOf(said, name));
  expect(said.outcomes[0].name).toBe("path length in w, share of that in z");
  expect(numberOf(said, "path length in w, share")).toBeCloseTo(said.outcomes[2]!.value / z!, 10);
  expect(w).toBeGreaterThan(0);
  expect(numberOf(said, "what noise changes")).toBe(0);
});

test("without styles a run ends with the path length in z alone", async () => {
  const said = (await conclude(stylegan, begun({ generator: "traditional" })))!; // it has one
  expect(said.outcomes.map(({ name }) => name)).toEqual([
    "path length in z, 256 paths, an untrained VGG",
  ]);
  expect(said.figures).toEqual({});
});

test("styles of a group of layers are exchanged, and truncated pictures lose their variety", async () => {
  await lookAt(stylegan, begun(), async (any) => {
    const look = any as unknown as Ended; // of the very system
    const hand = handOf(look);
    expect(hand.groups).toEqual({ coarse: [0, 2], middle: [2, 4], fine: [4, 6] });
    const [a, b] = [hand.everywhere(Float32Array.of(1, 2, 3, 4)), new Float32Array(24)];
    expect([...swapped(hand, a, b, "middle")]).toEqual(
      [0, 1, 2, 3, 4, 5].flatMap((i) => (i === 2 || i === 3 ? [0, 0, 0, 0] : [1, 2, 3, 4])),
    );
    const variances: number[] = [];
    for (const psi of [1, 0.5, 0]) {
      variances.push(varianceOf(await truncatedBy(psi, hand, { look, count: 40 }), 768));
    }
    expect(variances[1]).toBeLessThan(variances[0]!);
    expect(variances[2]! / variances[0]!).toBeLessThan(1e-6);
  });
});
