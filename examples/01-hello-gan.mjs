// A generator learns to put points on a ring, and a discriminator learns to tell them from real ones.
import { data, train, zoo } from "belamy";

const rounds = Number(process.argv[2] ?? 1000);
const run = train({ system: zoo.r3gan, data: data.ring(), rounds, seed: 3 });

for await (const event of run) {
  if (event.type === "round" && event.round % 100 === 0) console.log(event.round, event.terms);
  if (event.type === "stopped") console.log(`${event.reason}: ${run.folder}`);
}
