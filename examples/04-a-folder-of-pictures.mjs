// A folder of pictures, whatever their size, becomes data; its folders are classes.
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { data, train, zoo } from "belamy";
import sharp from "sharp"; // it comes with belamy, which reads pictures with it
import { shades } from "./draw.mjs";

const rounds = Number(process.argv[2] ?? 150);

// Yours would be there already. These are drawn: a PNG each, in a folder for each shape.
const folder = join(await mkdtemp(join(tmpdir(), "belamy-")), "my-pictures");
const drawn = data.shapes({ count: 300, size: 48, seed: 5 });
for (const [label, name] of drawn.classes.entries()) {
  await mkdir(join(folder, name), { recursive: true });
  for (let i = 0; i < drawn.count; i++) {
    if (drawn.labels?.[i] !== label) continue;
    const planes = drawn.items.subarray(i * 3 * 48 * 48, (i + 1) * 3 * 48 * 48);
    const pixels = Uint8Array.from(
      planes,
      (_, at) => planes[(at % 3) * 48 * 48 + Math.floor(at / 3)],
    );
    const raw = { width: 48, height: 48, channels: /** @type {const} */ (3) };
    await sharp(pixels, { raw })
      .png()
      .toFile(join(folder, name, `${i}.png`));
  }
}

const pictures = await data.open(folder, { size: 16 });
console.log(`${pictures.count} pictures of shape [${pictures.shape.join(" ")}] from ${folder}`);
console.log(`classes: ${pictures.classes.join(", ")}`);

const run = train({
  system: zoo.r3gan,
  data: pictures,
  hyper: { width: 8, latent: 16 },
  rounds,
  seed: 3,
  sampleCount: 64,
});
for await (const event of run) {
  if (event.type !== "samples" || ![1, rounds].includes(event.round)) continue;
  console.log(`\nround ${event.round}\n${shades(event.items, event.shape, 4)}`);
  console.log(`in colour, 64 of them: ${run.folder}/${event.file}`);
}
