// Makes one picture larger by rows, or some of it; says what time and memory that took.
import { openUpscaler } from "../dist/index.js";
import { memory } from "./lines.mjs";

const { file, side, threads, rows = Number.POSITIVE_INFINITY } = JSON.parse(process.argv[2]);
const upscaler = await openUpscaler(file, { threads });
const enough = new Error("enough");
const [start, before] = [performance.now(), process.cpuUsage()];
let [share, tiles, perRow] = [0, 0, 1];
const picture = {
  channels: 3,
  height: side,
  width: side,
  read: (_, count) => new Float32Array(3 * count * side).map((_, i) => (i % 251) / 250),
};
try {
  await upscaler.upscaleRows(picture, {
    wrap: true,
    progress(done) {
      share = done;
      tiles++;
      perRow = Math.round(Math.sqrt(tiles / done));
    },
    write() {
      if (tiles >= rows * perRow) throw enough;
    },
  });
} catch (error) {
  if (error !== enough) throw error;
}
const used = process.cpuUsage(before);
const seconds = (performance.now() - start) / 1000;
const megapixels = (share * side * side) / 1e6;
const cpu = (used.user + used.system) / 1e6;
console.log(JSON.stringify({ megapixels, seconds, cpu, peak: memory() }));
await upscaler.release();
