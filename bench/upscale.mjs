// Seconds and memory for pictures made four times larger by the paper's network of ESRGAN.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { rrdbNet } from "../dist/index.js";
import { initialValues } from "../dist/nn/initializers.js";
import { encodeSafetensors } from "../dist/run/safetensors.js";
import { digits, keep, machineLine, mebibytes, progress, table } from "./text.mjs";

export async function run({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), "belamy-upscale-"));
  try {
    const file = join(folder, "paper.safetensors");
    writeWeights(file, quick ? 1 : 23);
    const threads = availableParallelism();
    // The first row of tiles: whatever comes below takes as much memory, and as long a megapixel.
    const cases = [1024, 4096].map((side) => ({
      name: `${side}×${side}`,
      side: quick ? side / 8 : side,
      threads,
      rows: 1,
    }));
    const results = [];
    for (const { name, ...spec } of cases) {
      progress(`${name}, ${threads} threads`);
      results.push({ name, ...(await inProcess({ file, ...spec })) });
    }
    progress();
    console.log(machineLine());
    const blocks = quick ? "--quick: small, and the numbers mean nothing" : "23 blocks";
    console.log(
      `RRDB ×4, ${blocks}, ${threads} threads; first numbers, which take as long as any\n`,
    );
    const rows = results.map(({ name, megapixels, seconds, cpu, peak }) => [
      ...[name, digits(seconds / megapixels), digits(cpu / megapixels), mebibytes(peak)],
    ]);
    const head = ["picture", "seconds a megapixel", "of cores", "MiB at most"];
    console.log(table(head, rows));
    keep("upscale", { threads, results }, { quick });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeWeights(file, blocks) {
  const { parameters } = rrdbNet({ blocks }).build([3, 8, 8]);
  const tensors = Object.entries(parameters).map(([name, { shape, initial }]) => [
    name,
    { shape, data: initialValues(initial, { shape, name, seed: 0 }) },
  ]);
  const parts = encodeSafetensors({ tensors: Object.fromEntries(tensors), metadata: {} });
  writeFileSync(file, Buffer.concat(parts));
}

/** In a process of its own, since memory is counted by process. */
async function inProcess(spec) {
  const file = new URL("./upscale-child.mjs", import.meta.url);
  const child = spawn(process.execPath, [file.pathname, JSON.stringify(spec)]);
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(err.trim().split("\n").at(-1));
  return JSON.parse(out);
}
