/** Opens every program of games on WebGPU where no operator may fall back to the processor; says what failed. */
import { createRequire } from "node:module";
import { proceduralData } from "../../dist/data/procedural.js";
import { programsIn } from "../../dist/game/plan.js";
import { settleFor } from "../../dist/game/system.js";
import { trace } from "../../dist/game/trace.js";
import { descriptionOf } from "../../dist/run/asked.js";
import { zoo } from "../../dist/zoo/index.js";

const { InferenceSession } = createRequire(import.meta.url)("onnxruntime-node");
const create = InferenceSession.create.bind(InferenceSession);
InferenceSession.create = (model, options) =>
  create(model, { ...options, extra: { session: { disable_cpu_ep_fallback: "1" } } });
const { openSession } = await import("../../dist/runtime/device.js");

/** The plans of a system on its own data, or on small pictures, where it can be played in groups of a size. */
function plansOf(name) {
  const system = zoo[name];
  const known = "width" in system.hyper ? { width: 8 } : {};
  if (system.data === undefined) {
    const data = { kind: "pictures", shape: [3, 16, 16], classes: 4, count: 64 };
    return [4, 2].map((group) =>
      trace(system, {
        ...{ data, hyper: settleFor(system, data, { ...known, batch: 4, group }) },
        products: false,
      }),
    );
  }
  const data = descriptionOf({ data: proceduralData(system.data) });
  return [trace(system, { hyper: settleFor(system, data, known), data, products: false })];
}

const failed = [];
let opened = 0;
for (const system of Object.keys(zoo)) {
  for (const plan of plansOf(system)) {
    const programs = plan.turns.flatMap(({ variants }) => variants.flatMap(programsIn));
    const lived = plan.rollouts.flatMap(({ told, acts }) => [told, acts].filter(Boolean));
    const shown = plan.sample === undefined ? [] : [plan.sample.program];
    for (const { model } of [...programs, ...lived, ...shown]) {
      try {
        await (await openSession(model, { device: "webgpu" })).release();
        opened++;
      } catch (error) {
        failed.push(`${system} in groups of ${plan.group}: ${error.message.split("\n")[1]}`);
      }
    }
  }
}
console.log(JSON.stringify({ opened, failed }));
