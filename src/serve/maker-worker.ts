import { parentPort, workerData } from "node:worker_threads";
import { truncated } from "../run/latents.js";
import { Generator } from "../run/sampler.js";
import { BelamyError } from "../shape/error.js";
import { sizeOf } from "../shape/shape.js";
import type { FromMaker, MakerTask, Order, ToMaker } from "./maker.js";
import { pngOf } from "./png.js";

if (parentPort !== null) {
  const port = parentPort;
  const { model, name, batch, provenance } = workerData as MakerTask; // what the maker sent
  const say = (message: FromMaker): void => port.postMessage(message);
  const failed = (error: unknown): void =>
    say({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  try {
    const generator = await Generator.from(model, { name });
    const { shape } = generator;
    if (shape.length !== 3) throw new BelamyError({ op: name, why: "makes points, not pictures" });
    const each = sizeOf(shape);
    port.on("message", (orders: ToMaker) => {
      make(orders).then((pictures) => say({ kind: "made", pictures }), failed);
    });
    const make = async (orders: ToMaker): Promise<Uint8Array[]> => {
      const full = Array.from({ length: batch }, (_, i): Order => orders[i % orders.length]!);
      const latents = full.map(({ seed, truncation }) =>
        truncated(generator.draws, generator.latent(seed, 0), truncation),
      );
      const items = await generator.samples(latents);
      return await Promise.all(
        orders.map((order, i) =>
          pngOf(items.subarray(i * each, (i + 1) * each), { shape, order, provenance }),
        ),
      );
    };
    say({ kind: "ready", shape });
  } catch (error) {
    failed(error);
  }
}
