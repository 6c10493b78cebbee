// A recording made once: `node test/golden/profile.mjs`, after a build. Its times are those of the
// machine that made it; tests hold tables and traces made of it to be what they were.
import { writeFileSync } from "node:fs";
import { data, zoo } from "../../dist/index.js";
import { record } from "../../dist/run/profile.js";

const recording = await record({
  system: zoo.dcgan,
  data: data.shapes({ count: 40, size: 16 }),
  hyper: { latent: 8, width: 8, batch: 8, group: 4 },
  rounds: 1,
  replicas: 2,
});
const shorter = (_, value) => (typeof value === "number" ? Math.round(value * 10) / 10 : value);
const text = JSON.stringify(recording, shorter).replaceAll(',{"start"', ',\n{"start"');
writeFileSync(new URL("./profile.json", import.meta.url), `${text}\n`);
