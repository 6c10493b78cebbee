import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { vggShapes } from "../../src/nn/features-vgg.js";
import { initialValues, normalWith } from "../../src/nn/initializers.js";
import { joined } from "../../src/run/generator.js";
import { encodeSafetensors } from "../../src/run/safetensors.js";
import { sizeOf } from "../../src/shape/shape.js";
import { belamy, emptyFolder, tiny } from "./program.js";

const cwd = emptyFolder();

/** A VGG of four blocks as torchvision names its weights. */
const numbers = [0, 2, 5, 7, 10, 12, 15, 17];
const shapes = Object.entries(vggShapes({ widths: [2, 3, 3, 4], depths: [2, 2, 2, 2] }));
const tensors = shapes.map(([name, shape], i) => {
  const data = initialValues(normalWith(0.3), { shape, name, seed: 0 });
  return [`features.${numbers[i >> 1]}.${name.split(".")[1]}`, { shape, data }];
});
const parts = encodeSafetensors({ tensors: Object.fromEntries(tensors), metadata: {} });
writeFileSync(join(cwd, "net.safetensors"), joined(parts));

test("--features puts another network in the place of the system's own", async () => {
  const words = ["train", "textures", "--system", "esrgan", "--limit", "8", "--dry-run", "--json"];
  const own = await belamy(words, { cwd });
  const given = await belamy([...words, "--features", "net.safetensors"], { cwd });
  const frozen = ({ out }: typeof own) =>
    (
      JSON.parse(out) as { networks: { name: string; frozen?: string; parameters: number }[] }
    ).networks // `describe` says so
      .filter((network) => network.frozen !== undefined)
      .map((network) => [network.name, network.frozen, network.parameters]);
  const count = shapes.reduce((n, [, shape]) => n + sizeOf(shape), 0);
  expect(frozen(own)).toEqual([["F", "random features 16-32-64-128", expect.any(Number)]]);
  expect(frozen(given)).toEqual([["F", "net.safetensors", count]]);
});

test.each([
  ["nowhere.onnx", 1, "nowhere.onnx: cannot be read; there is no such network\n"],
  ["net.safetensors", 2, "features: gan perceives with no network\n"],
])("--features %s of a system that looks with nothing", async (file, code, err) => {
  const said = await belamy(["train", "ring", ...tiny, "--features", file], { cwd });
  expect(said).toEqual({ code, out: "", err });
});
