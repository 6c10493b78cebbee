// Peak memory and time while one very large texture becomes larger, through the whole of `upscale`.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { digits, keep, machineLine, mebibytes, progress, table } from "./text.mjs";

/** Side of the source; everything is four times larger, unless it says otherwise. */
const cases = [
  { name: "PNG, colours", file: "plain.png", options: {} },
  { name: "PNG, colours and alpha", file: "alpha.png", options: {} },
  { name: "PNG, half of that size", file: "alpha.png", options: { down: 2 } },
  { name: "PNG with a palette of 256", file: "plain.png", options: { palette: 256 } },
  { name: "TGA", file: "alpha.png", options: { to: "tga" } },
  { name: "JPEG", file: "plain.png", options: { to: "jpeg" } },
  { name: "DDS, BC1, mip-maps", file: "alpha.png", options: { to: "bc1" } },
  { name: "DDS, BC7, mip-maps", file: "alpha.png", options: { to: "bc7" } },
];

export async function run({ quick, only }) {
  const folder = mkdtempSync(join(tmpdir(), "belamy-textures-"));
  const side = quick ? 256 : 4096;
  const wanted = only;
  try {
    await sources(folder, side);
    const results = [];
    for (const [i, { name, file, options }] of cases.entries()) {
      if (wanted && !wanted.includes(i + 1)) continue;
      progress(`${side} × ${side}, ${name}`);
      const out = join(folder, `out-${i}`);
      const spec = { source: join(folder, file), options: { ...options, out } };
      results.push({ name, ...(await inProcess(spec)), bytes: statSync(out).size });
      rmSync(out);
    }
    progress();
    console.log(machineLine());
    const small = quick ? "; --quick: small, and the times mean nothing" : "";
    console.log(`A ${side} × ${side} texture four times larger by bicubic${small}\n`);
    const rows = results.map(({ name, result, mib, seconds, bytes, consistency }) => [
      ...[name, result.join(" × "), digits(mib), digits(seconds), mebibytes(bytes)],
      ...[typeof consistency === "number" ? consistency.toFixed(1) : String(consistency)],
    ]);
    console.log(table(["as", "result", "MiB at most", "seconds", "MiB written", "dB"], rows));
    keep("textures", { side, results }, { quick });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waves and noise, with holes in one of both. */
async function sources(folder, side) {
  for (const channels of [3, 4]) {
    const pixels = new Uint8Array(side * side * channels);
    let noise = 1;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const at = (y * side + x) * channels;
        for (let c = 0; c < 3; c++) {
          noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
          pixels[at + c] = 128 + 80 * Math.sin(x / (9 + c)) * Math.cos(y / 23) + (noise >>> 27);
        }
        if (channels === 4) pixels[at + 3] = Math.sin(x / 50) + Math.sin(y / 70) > -0.5 ? 255 : 0;
      }
    }
    const raw = { width: side, height: side, channels };
    const name = join(folder, channels === 3 ? "plain.png" : "alpha.png");
    await sharp(pixels, { raw }).png({ compressionLevel: 1 }).toFile(name);
  }
}

/** In a process of its own, since memory is counted by process. */
async function inProcess(spec) {
  const file = new URL("./textures-child.mjs", import.meta.url);
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
