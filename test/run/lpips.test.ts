import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { joined } from "../../src/run/generator.js";
import { openLpips } from "../../src/run/lpips.js";
import { encodeSafetensors } from "../../src/run/safetensors.js";
import { temporaryFolder } from "./support.js";

interface Stored {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const { vgg } = (
  JSON.parse(readFileSync(new URL("../golden/features.json", import.meta.url), "utf8")) as {
    readonly distances: Readonly<
      Record<
        "vgg",
        Readonly<Record<"weights" | "lin", Readonly<Record<string, Stored>>>> &
          Readonly<Record<"a" | "b", Stored>> & { readonly lpips: readonly number[] }
      >
    >;
  }
).distances; // test/golden/features.py wrote it

const folder = temporaryFolder();

function write(name: string, tensors: Readonly<Record<string, Stored>>): string {
  const path = join(folder, name);
  const stored = Object.entries(tensors).map(([key, { shape, values }]) => [
    key,
    { shape, data: Float32Array.from(values) },
  ]);
  const parts = encodeSafetensors({ tensors: Object.fromEntries(stored), metadata: {} });
  writeFileSync(path, joined(parts));
  return path;
}

it("LPIPS is read from a network's file and that of its linear weights", async () => {
  const network = write("vgg16.safetensors", vgg.weights);
  const weights = write("lpips.safetensors", vgg.lin);
  const distance = await openLpips({ network, weights, shape: vgg.a.shape.slice(1) });
  expect(distance.about).toBe(
    "over relu1_2, relu2_2, relu3_3, relu4_3, relu5_3 of vgg16.safetensors with the linear weights of lpips.safetensors",
  );
  const found = await distance.between(
    Float32Array.from(vgg.a.values),
    Float32Array.from(vgg.b.values),
  );
  vgg.lpips.forEach((v, i) => {
    expect(Math.abs(found[i]! / v - 1)).toBeLessThan(1e-5);
  });
  await distance.release();
  const nowhere = join(folder, "nowhere.safetensors");
  const missing = openLpips({ network, weights: nowhere, shape: [3, 20, 20] });
  await expect(missing).rejects.toThrow(`${nowhere}: cannot be read; there are no such weights`);
});
