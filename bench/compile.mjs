// How long it takes from a definition to sessions that can run: `npm run build && node bench/compile.mjs`.
import { availableParallelism } from "node:os";
import { settle } from "../dist/game/hyper.js";
import { trace } from "../dist/game/trace.js";
import { openSession } from "../dist/runtime/device.js";
import { dcgan } from "../dist/zoo/dcgan.js";

const repeats = 7;
const data = { kind: "pictures", shape: [3, 64, 64], classes: 0, count: 1 };
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

console.log(
  `dcgan 64×64, width 64, batch 64; ${availableParallelism()} cores, Node ${process.version}`,
);
for (const group of [64, 16]) {
  const hyper = settle(dcgan.hyper, { width: 64, batch: 64, group });
  const times = { trace: [], sessions: [] };
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    const plan = trace(dcgan, { hyper, data });
    const traced = performance.now();
    const programs = plan.turns.flatMap(({ variants: [{ programs: p }] }) =>
      p.kind === "whole" ? [p.whole] : [p.gradient, ...(p.update ? [p.update] : [])],
    );
    for (const { model } of programs) {
      await (await openSession(model, { device: "cpu" })).release();
    }
    times.trace.push(traced - start);
    times.sessions.push(performance.now() - traced);
  }
  const [first] = times.trace;
  const total = median(times.trace) + median(times.sessions);
  console.log(
    `groups of ${group}: tracing and lowering ${median(times.trace).toFixed(0)} ms ` +
      `(the first time ${first.toFixed(0)}), sessions ${median(times.sessions).toFixed(0)} ms, ` +
      `together ${total.toFixed(0)} ms; target below 1000 ms`,
  );
}
