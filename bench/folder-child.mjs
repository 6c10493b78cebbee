// Opens a folder of pictures and plays a little on it; says what memory that took.
import { join } from "node:path";
import { data, train, zoo } from "../dist/index.js";
import { memory } from "./lines.mjs";

const { folder, count, memory: room } = JSON.parse(process.argv[2]);
const start = performance.now();
const set =
  count === 0
    ? data.shapes({ count: 100, size: 64 })
    : await data.open(join(folder, "pictures"), {
        memory: room,
        cache: { folder: join(folder, "cache") },
      });
if (count !== 0 && set.count !== count) throw new Error(`found ${set.count} of ${count} pictures`);
const seconds = (performance.now() - start) / 1000;
const opened = memory();
const hyper = { width: 8, batch: 16, group: 16 };
const rounds = { rounds: 20, replicas: 1, folder: null };
const run = train({ system: zoo.dcgan, data: set, hyper, ...rounds });
const { reason, message } = await run.finish();
if (reason !== "finished") throw new Error(message ?? reason);
console.log(JSON.stringify({ opened, trained: memory(), seconds }));
