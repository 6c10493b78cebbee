// Rounds a second in headless Chromium, on WebAssembly and on WebGPU.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { chromium } from "playwright-core";
import { spread } from "./pairs.mjs";
import { digits, keep, machineLine, progress, table, within } from "./text.mjs";
import { chosen } from "./workloads.mjs";

const executable = process.env.BELAMY_CHROMIUM ?? "/usr/bin/chromium";
const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };

/** Threads of WebAssembly need a page that is isolated from other origins. */
const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Without a graphics card WebGPU is SwiftShader, a program: only its correctness says anything. */
const flags = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
  "--enable-unsafe-webgpu",
  ...(process.env.BELAMY_GPU === undefined
    ? ["--disable-gpu", "--use-webgpu-adapter=swiftshader"]
    : ["--enable-features=Vulkan"]),
];

export async function run({ quick, only = [1], effort }) {
  if (!existsSync(executable)) {
    throw new Error(`${executable} is not there; name a Chromium in BELAMY_CHROMIUM`);
  }
  const server = await serve();
  const browser = await chromium.launch({ executablePath: executable, args: flags });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const adapter = await page.evaluate(adapterName);
    const results = [];
    for (const workload of chosen(only)) {
      for (const device of ["wasm", "webgpu"]) {
        progress(`${workload.number} ${workload.name} on ${device}`);
        results.push({ device, ...(await inPage(page, { workload, device, effort })) });
      }
    }
    progress();
    print(results, { quick, adapter, version: browser.version() });
    keep("page", { adapter, chromium: browser.version(), results }, { quick });
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

async function serve() {
  const web = new URL("../dist/web/", import.meta.url);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    if (pathname === "/") {
      response.writeHead(200, { ...isolation, "content-type": "text/html" });
      response.end('<!doctype html><link rel="icon" href="data:," />');
      return;
    }
    try {
      const bytes = await readFile(new URL(`.${pathname}`, web));
      const type = types[extname(pathname)] ?? "application/octet-stream";
      response.writeHead(200, { ...isolation, "content-type": type }).end(bytes);
    } catch {
      response.writeHead(404, isolation).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** In the page: which graphics card, or program, WebGPU runs on. */
async function adapterName() {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return undefined;
  const { vendor, architecture, device, description } = adapter.info;
  return [vendor, architecture, device, description].filter(Boolean).join(" ");
}

async function inPage(page, { workload, device, effort }) {
  const { number, name, system, data, hyper } = workload;
  if (number === 6) return { number, name, why: "not among the systems that a page imports" };
  const group = hyper.batch;
  const spec = {
    ...{ device, shape: data.shape, hyper: { ...hyper, group } },
    system: system.name,
  };
  const most = { rounds: effort.pairs + 2, spanMs: effort.pairs * effort.spanMs };
  try {
    const playing = page.evaluate(playInPage, { ...spec, ...most });
    const { times, firstMs } = await Promise.race([playing, tooLong(effort.patienceMs)]);
    return { number, name, roundMs: spread(times), firstMs };
  } catch (error) {
    // What still runs there ends with the page.
    await page.reload();
    return { number, name, why: error.message.split("\n")[0].slice(0, 120) };
  }
}

async function tooLong(ms) {
  await setTimeout(ms, undefined, { ref: false });
  throw new Error(`takes more than ${ms / 60_000} minutes`);
}

/** In the page: trains until rounds enough were played, or time enough has passed; two rounds warm up. */
async function playInPage({ device, shape, hyper, system, rounds, spanMs }) {
  const { data, train, zoo } = await import("/belamy.js");
  const size = 256 * shape.reduce((n, d) => n * d, 1);
  const numbers =
    shape.length === 1
      ? Float32Array.from({ length: size }, () => Math.random() * 2 - 1)
      : Uint8Array.from({ length: size }, () => 256 * Math.random());
  const set = data.from(numbers, { shape });
  const start = performance.now();
  const run = train({
    ...{ system: zoo[system], data: set, hyper, device, rounds: 1e6 },
    ...{ samplesEvery: 1e6, sampleCount: 1 },
  });
  const times = [];
  let firstMs;
  for await (const event of run) {
    if (event.type === "stopped" && event.reason === "failed") throw new Error(event.message);
    if (event.type !== "round") continue;
    firstMs ??= performance.now() - start;
    if (event.round > 2) times.push(event.durationMs);
    if (times.length >= rounds && performance.now() - start > spanMs) run.stop();
  }
  return { times, firstMs };
}

function print(results, { quick, adapter, version }) {
  console.log(machineLine([`Chromium ${version}`, `WebGPU on ${adapter ?? "nothing"}`]));
  console.log(
    `the whole batch as one group; medians (quartiles)${quick ? "; --quick: the times mean nothing" : ""}\n`,
  );
  const rows = results.map(({ number, name, device, roundMs, firstMs, why }) =>
    why !== undefined
      ? [number, name, device, why, "", ""]
      : [
          number,
          name,
          device,
          within(roundMs),
          digits(1000 / roundMs.median),
          digits(firstMs / 1000),
        ],
  );
  console.log(
    table(
      ["", "workload", "device", "ms a round", "rounds a second", "seconds to the first round"],
      rows,
    ),
  );
}
