/** A child process for one device: native code that crashes takes only this process with it. */
import { Memory } from "../../dist/runtime/memory.js";
import { runJobs } from "./job.mjs";

const weigh = () => {
  globalThis.gc();
  return process.memoryUsage().rss;
};

process.once("message", async (message) => {
  process.send(await runJobs({ Memory, weigh, ...message }), () => process.exit(0));
});
