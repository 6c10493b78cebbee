// How fast an exported generator makes samples, as anybody with ONNX Runtime would run it.
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { generate, initialState, openSession } from "../dist/index.js";
import { generatorModel } from "../dist/run/generator.js";
import { spread } from "./pairs.mjs";
import { digits, keep, machineLine, progress, table, within } from "./text.mjs";
import { chosen, planOf, valuesOf } from "./workloads.mjs";

const { Tensor } = createRequire(import.meta.url)("onnxruntime-node");

const batch = 64;

export async function run({ quick, only, effort }) {
  const results = [];
  const threads = [...new Set([1, availableParallelism()])];
  for (const workload of chosen(only)) {
    progress(`${workload.number} ${workload.name}: export`);
    const plan = planOf(workload);
    const model = exported(workload, plan);
    const startMs = performance.now();
    await generate(model, { count: 1 });
    const firstMs = performance.now() - startMs;
    for (const many of threads) {
      progress(`${workload.number} ${workload.name}: ${many} threads`);
      const session = await openSession(model, { device: "cpu", threads: many });
      const settings = { session, plan, effort };
      const one = await times(1, settings);
      const many64 = await times(batch, settings);
      await session.release();
      results.push({
        ...{ number: workload.number, name: workload.name, threads: many, firstMs },
        bytes: model.length,
        latencyMs: spread(one),
        rate: spread(many64.map((ms) => (1000 * batch) / ms)),
      });
    }
  }
  progress();
  console.log(machineLine());
  console.log(
    `generator.onnx; latency of one sample, samples a second in batches of ${batch}; ` +
      `medians (quartiles)${quick ? "; --quick: the times mean nothing" : ""}\n`,
  );
  const rows = results.map(({ number, name, threads: many, bytes, firstMs, latencyMs, rate }) => [
    ...[
      number,
      name,
      digits(bytes / 2 ** 20),
      many,
      digits(firstMs),
      within(latencyMs),
      within(rate),
    ],
  ]);
  console.log(
    table(
      [
        "",
        "workload",
        "MiB",
        "threads",
        "first sample, with loading, ms",
        "ms for one",
        "samples a second",
      ],
      rows,
    ),
  );
  keep("sampling", { results }, { quick });
}

/** What a run would export before it has learned anything. */
function exported(workload, plan) {
  const { data, system } = workload;
  const hyper = valuesOf(workload);
  const draws = Object.entries(plan.draws).filter(([name]) =>
    plan.sample.program.feeds.some((port) => port.name === `draw.${name}`),
  );
  const metadata = {
    system: system.name,
    shape: JSON.stringify(data.shape),
    classes: "0",
    draws: JSON.stringify(Object.fromEntries(draws)),
  };
  return generatorModel({ system, hyper, data, cells: initialState(plan, 0), metadata });
}

/** Milliseconds of single runs: as many as fit, after a warm-up. */
async function times(size, { session, plan, effort }) {
  const [name] = session.inputNames;
  const { shape } = plan.draws[name];
  const numbers = Float32Array.from({ length: size * shape[0] }, () => Math.random() * 2 - 1);
  const feeds = { [name]: new Tensor("float32", numbers, [size, ...shape]) };
  for (let i = 0; i < 3; i++) await session.run(feeds);
  const found = [];
  const endMs = performance.now() + effort.pairs * (effort.spanMs / 4);
  while (found.length < effort.pairs || performance.now() < endMs) {
    const start = performance.now();
    await session.run(feeds);
    found.push(performance.now() - start);
  }
  return found;
}
