// What was learned is an ONNX model: any program with ONNX Runtime can use it, without belamy.
import { join } from "node:path";
import { data, exportGenerator, train, zoo } from "belamy";
import ort from "onnxruntime-node"; // it comes with belamy
import { scatter } from "./draw.mjs";

const rounds = Number(process.argv[2] ?? 1000);
const ring = data.ring({ deviation: 0.05 });
const run = train({ system: zoo.r3gan, data: ring, hyper: { units: 48 }, rounds, seed: 3 });
await run.finish();
const folder = run.folder ?? "";
const file = await exportGenerator(folder, { system: zoo.r3gan, file: join(folder, "ring.onnx") });
console.log(`wrote ${file}`);

// From here on, nothing but ONNX Runtime: the same four lines in Python, C++, C#, Swift or a page.
const session = await ort.InferenceSession.create(file);
const { inputMetadata, outputMetadata } = session;
for (const port of [...inputMetadata, ...outputMetadata]) {
  if (port.isTensor) console.log(`${port.name}: ${port.type} [${port.shape.join(" ")}]`);
}
const count = 1000;
const z = Float32Array.from({ length: 2 * count }, normal);
const { samples } = await session.run({ z: new ort.Tensor("float32", z, [count, 2]) });
console.log(`${count} new points:\n${scatter(/** @type {Float32Array} */ (samples.data))}`);

/** A standard normal number, by Box and Muller. */
function normal() {
  const angle = 2 * Math.PI * Math.random();
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(angle);
}
