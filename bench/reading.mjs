// Pictures a second from every format that is read, beside sharp alone where files are pictures.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import sharp from "sharp";
import { pack } from "tar-stream";
import { data } from "../dist/index.js";
import { spread } from "./pairs.mjs";
import { digits, keep, machineLine, progress, table, within } from "./text.mjs";

const [side, small] = [64, 32];

export async function run({ quick, effort }) {
  const folder = mkdtempSync(join(tmpdir(), "belamy-reading-"));
  try {
    const count = quick ? 60 : 4000;
    progress("writing every format");
    const sets = await writeAll(folder, count);
    const results = [];
    for (const { name, path, alone } of sets) {
      const [ours, theirs] = [[], []];
      for (let i = 0; i < effort.pairs + 1; i++) {
        progress(`${name}: ${i} of ${effort.pairs}`);
        const rate = await rateOf(
          async () => (await data.open(path, { cache: false })).count,
          count,
        );
        const beside = alone && (await rateOf(alone, count));
        if (i === 0) continue;
        ours.push(rate);
        if (beside !== undefined) theirs.push(beside);
      }
      const shares = ours.map((rate, i) => rate / theirs[i]);
      results.push({
        ...{ name, count, rate: spread(ours) },
        ...(alone === undefined ? {} : { alone: spread(theirs), share: spread(shares) }),
      });
    }
    progress();
    print(results, { quick, effort, count });
    keep("reading", { results }, { quick });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rateOf(read, count) {
  const start = performance.now();
  const found = await read();
  if (found !== count) throw new Error(`read ${found} of ${count}`);
  return (1000 * count) / (performance.now() - start);
}

/** The same pictures in all formats. */
async function writeAll(folder, count) {
  const set = data.shapes({ count, size: side });
  const at = (name) => join(folder, name);
  await data.write(set, at("png"));
  await data.write(set, at("png.zip"));
  await data.write(set, at("set.npz"));
  const files = picturesIn(at("png"));
  for (const form of ["jpeg", "webp"]) {
    mkdirSync(at(form));
    await eachOf(files, async (file, i) => {
      writeFileSync(join(at(form), `${i}.${form}`), await sharp(file).toFormat(form).toBuffer());
    });
  }
  writeFileSync(at("set.tar"), await tarOf(files));
  const bytes = Buffer.from(set.items.slice());
  writeFileSync(at("set.npy"), npyOf(bytes, set.shape, count));
  const grey = bytes.subarray(0, count * side * side);
  writeFileSync(
    at("train-images-idx3-ubyte"),
    Buffer.concat([header([0x803, count, side, side]), grey]),
  );
  writeFileSync(at("data_batch_1.bin"), cifarOf(bytes, count));
  const rows = Array.from({ length: count }, (_, i) => [i % 7, (i * 0.37) % 5, -i].join(","));
  writeFileSync(at("points.csv"), `a,b,c\n${rows.join("\n")}\n`);
  writeFileSync(at("set.parquet"), parquetOf(files));
  const alone = (paths) => () => decodeAlone(paths);
  return [
    { name: "folder of PNG", path: at("png"), alone: alone(files) },
    { name: "folder of JPEG", path: at("jpeg"), alone: alone(picturesIn(at("jpeg"))) },
    { name: "folder of WebP", path: at("webp"), alone: alone(picturesIn(at("webp"))) },
    { name: "zip of PNG", path: at("png.zip"), alone: alone(files) },
    { name: "tar of PNG", path: at("set.tar"), alone: alone(files) },
    { name: "Parquet of PNG", path: at("set.parquet"), alone: alone(files) },
    { name: "NPZ", path: at("set.npz") },
    { name: "NPY", path: at("set.npy") },
    { name: "IDX, grey", path: at("train-images-idx3-ubyte") },
    { name: `CIFAR, ${small}×${small}`, path: at("data_batch_1.bin") },
    { name: "CSV, 3 columns", path: at("points.csv") },
  ];
}

const picturesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => /\.(png|jpeg|webp)$/.test(name))
    .sort()
    .map((name) => join(folder, name));

/** As many at once as there are cores, like libvips' own threads. */
async function eachOf(list, action) {
  let next = 0;
  const worker = async () => {
    while (next < list.length) {
      const i = next++;
      await action(list[i], i);
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
}

async function decodeAlone(files) {
  let done = 0;
  await eachOf(files, async (file) => {
    await sharp(await readFile(file))
      .removeAlpha()
      .toColourspace("srgb")
      .raw()
      .toBuffer();
    done++;
  });
  return done;
}

async function tarOf(files) {
  const tar = pack();
  const chunks = [];
  tar.on("data", (chunk) => chunks.push(chunk));
  const ended = new Promise((resolve) => tar.on("end", resolve));
  files.forEach((file, i) => {
    tar.entry({ name: `${String(i).padStart(6, "0")}.png` }, readFileSync(file));
  });
  tar.finalize();
  await ended;
  return Buffer.concat(chunks);
}

const header = (numbers) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((n, i) => {
    bytes.writeUInt32BE(n, 4 * i);
  });
  return bytes;
};

function npyOf(bytes, [channels, height, width], count) {
  const shape = `(${count}, ${channels}, ${height}, ${width})`;
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const head = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0]);
  return Buffer.concat([head, Buffer.from(padded), bytes]);
}

function cifarOf(bytes, count) {
  const size = 3 * small * small;
  const out = Buffer.alloc(count * (size + 1));
  for (let i = 0; i < count; i++) {
    out[i * (size + 1)] = i % 10;
    bytes.copy(out, i * (size + 1) + 1, i * size, (i + 1) * size);
  }
  return out;
}

/** Pictures as Hugging Face's sets have them, in a column of bytes. */
function parquetOf(files) {
  const image = files.map((file) => new Uint8Array(readFileSync(file)));
  return new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: "image", data: image, type: "BYTE_ARRAY" }] }),
  );
}

function print(results, { quick, effort, count }) {
  console.log(machineLine([`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`]));
  console.log(
    `${count} items, pictures of ${side}×${side}, without the cache, ${effort.pairs} times in turn; ` +
      `medians (quartiles)${quick ? "; --quick: the times mean nothing" : ""}\n`,
  );
  const rows = results.map(({ name, rate, alone, share }) => [
    ...[name, within(rate), alone === undefined ? "" : within(alone)],
    share === undefined ? "" : digits(share.median),
  ]);
  console.log(table(["format", "Belamy, items a second", "sharp alone", "ratio"], rows));
}
