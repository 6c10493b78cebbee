import { expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { nothing } from "../../src/data/nothing.js";
import { ring } from "../../src/data/points.js";
import { shapes } from "../../src/data/shapes.js";
import type { System } from "../../src/game/system.js";
import { train } from "../../src/run/train.js";
import { zoo } from "../../src/zoo/index.js";
import { pix2pix } from "../../src/zoo/pix2pix.js";

const refusal = (system: System, data: Dataset): string => {
  try {
    train({ system, data, rounds: 1, folder: null });
  } catch (error) {
    return String(error);
  }
  return "none";
};

test("who draws from data refuses data without numbers", () => {
  expect(refusal(zoo.gan, nothing())).toBe(
    "ConfigurationError: gan: draws from data, and nothing has no numbers\n  hint  name data, such as ring",
  );
});

test("who never looks at data refuses them", () => {
  expect(refusal(zoo["turing-learning"], ring({ count: 10 }))).toBe(
    "ConfigurationError: turing-learning: has a world of its own, and never looks at ring\n  hint  leave the data out",
  );
});

test("who makes pictures from pictures wants to know from which", () => {
  expect(refusal(pix2pix, shapes({ count: 4, size: 32 }))).toBe(
    "ConfigurationError: pix2pix: makes pictures from pictures; shapes has no others\n  hint  say what belongs to each picture: --given edges, or a folder of others",
  );
});
