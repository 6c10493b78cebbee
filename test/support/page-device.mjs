/** The page's side: counts the buffers that WebGPU holds, and runs jobs with the built library. */
import { runJobs } from "./job.mjs";

const held = new Set();
const { createBuffer } = globalThis.GPUDevice?.prototype ?? {};
if (createBuffer !== undefined) {
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    held.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      held.delete(buffer);
      destroy();
    };
    return buffer;
  };
}

export async function runPageJobs(device, jobs) {
  if (!globalThis.crossOriginIsolated) throw new Error("the page is not isolated");
  const { Memory } = await import("/dist/runtime/memory.js");
  return runJobs({ Memory, device, threads: 2, jobs, weigh: () => held.size });
}
