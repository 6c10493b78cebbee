import { lower } from "../onnx/lower.js";
import { matmul } from "../tensor/operations.js";
import { input } from "../tensor/tensor.js";
import { checkDevice, type DeviceName, plainDevice } from "./device.js";
import { Memory } from "./memory.js";

/** Milliseconds that never go back. */
export type Stopwatch = () => number;

const side = 1024;
const times = 3;

/** A device by its name; `auto` is the one that a measurement found faster, where there is a choice. */
export async function chooseDevice(name: string, clock?: Stopwatch): Promise<DeviceName> {
  if (name !== "auto") return checkDevice(name);
  if (clock === undefined) return plainDevice;
  const [plain, graphics] = [
    await timeProduct(plainDevice, clock),
    await timeProduct("webgpu", clock),
  ];
  return graphics < plain ? "webgpu" : plainDevice;
}

/** Milliseconds that a product of two 1024 × 1024 matrices takes; infinite where it fails. */
export async function timeProduct(device: DeviceName, clock: Stopwatch): Promise<number> {
  const shape = [side, side];
  const { model } = lower({ product: matmul(input("a", shape), input("b", shape)) });
  const port = (name: string) => ({ name, shape, type: "float32" }) as const;
  const memory = new Memory({ device });
  try {
    const program = { model, reads: [], feeds: [port("a"), port("b")], writes: [] };
    const product = await memory.load({ ...program, returns: [port("product")] });
    const feeds = { a: new Float32Array(side * side), b: new Float32Array(side * side) };
    let best = Number.POSITIVE_INFINITY;
    // The first run compiles.
    for (let i = 0; i <= times; i++) {
      const start = clock();
      await product.run(feeds);
      if (i > 0) best = Math.min(best, clock() - start);
    }
    await memory.release();
    return best;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
