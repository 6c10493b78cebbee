// `npm run bench`: Belamy beside its peers on this machine. See docs/performance.md.
import { parseArgs } from "node:util";
import { efforts } from "./pairs.mjs";
import { progress } from "./text.mjs";

const help = `Measure Belamy beside its peers, side by side in one run.

Usage
  $ npm run bench [-- COMMAND] [-- OPTIONS]

Commands
  train      six workloads on one core and on all, beside PyTorch, jax-js, TensorFlow.js (the default)
  scaling    1, 2, 4 … replicas, and batches of 16 to 256
  sampling   samples a second, and how long one takes, from generator.onnx
  reading    pictures a second from every format, beside sharp alone
  start      where the time goes from start to the end of the first round; what the cache saves
  page       rounds a second in headless Chromium, on WASM and WebGPU
  folder     peak memory while a folder of 100,000 pictures is read and trained on
  upscale    seconds and peak memory for pictures made larger by ESRGAN's network
  textures   seconds and peak memory for one very large texture, in every format
  gpu-pack   Node, ONNX Runtime and the project in one archive, for a machine with a graphics card
             and no network; node bench/gpu/run.mjs --help says what is measured there

Options
  --quick       few rounds: whether everything runs and agrees; the times mean nothing
  --only 1,3    only these workloads
  --pairs 7     how often every side is timed
  --peers pytorch,jax,tfjs   only these beside Belamy, when it trains
  --help

Environment
  BELAMY_TORCH  the command that runs Python with PyTorch; python3 by default
  BELAMY_NODE   a Node of 21 or newer for jax-js; that of bench/peers/js by default
`;

const commands = {
  train: () => import("./train.mjs"),
  scaling: () => import("./scaling.mjs"),
  sampling: () => import("./sampling.mjs"),
  reading: () => import("./reading.mjs"),
  start: () => import("./start.mjs"),
  page: () => import("./page.mjs"),
  folder: () => import("./folder.mjs"),
  upscale: () => import("./upscale.mjs"),
  textures: () => import("./textures.mjs"),
  "gpu-pack": () => import("./gpu/pack.mjs"),
};

const options = {
  quick: { type: "boolean", default: false },
  only: { type: "string" },
  pairs: { type: "string" },
  peers: { type: "string" },
  help: { type: "boolean", default: false },
};

function fail(why) {
  console.error(`${why}\n\n${help}`);
  process.exit(2);
}

function read() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return fail(error.message);
  }
}

const { values, positionals } = read();
if (values.help) {
  console.log(help);
  process.exit(0);
}
const [command = "train", ...rest] = positionals;
if (!Object.hasOwn(commands, command)) fail(`there is no command ${command}`);
if (rest.length > 0) fail(`one command at a time, received ${positionals.join(" ")}`);
const only = values.only?.split(",").map(Number);
if (only?.some((number) => !(number >= 1 && number <= 6)))
  fail(`--only: expected numbers from 1 to 6`);
const effort = { ...(values.quick ? efforts.quick : efforts.full) };
if (values.pairs !== undefined) effort.pairs = Number(values.pairs);
if (!(Number.isInteger(effort.pairs) && effort.pairs >= 1))
  fail("--pairs: expected a whole number ≥ 1");

const { run } = await commands[command]();
try {
  await run({ quick: values.quick, only, wanted: values.peers?.split(","), effort });
} catch (error) {
  progress();
  console.error(error.message);
  process.exitCode = 1;
}
