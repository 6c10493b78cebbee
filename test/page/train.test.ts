import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { rolldown } from "rolldown";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { data, generate, type RunEvent, train, zoo } from "../../src/index.js";
import { version } from "../../src/page/version.js";
import { bundle } from "../../tools/bundle.mjs";
import { launchChromium, noChromium, noSwiftShader, root } from "../support/chromium.js";
import { openSite, type Site, type SiteOptions } from "./site.js";

const folder = mkdtempSync(join(tmpdir(), "belamy-page-"));
const web = join(folder, "web");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same games in Node and in a page: text, since a page cannot be sent functions. */
const games = {
  points: `{
    system: zoo.gan,
    data: data.ring({ count: 500 }),
    hyper: { latent: 4, width: 8, units: 4, pieces: 2, batch: 20, group: 20 },
    rounds: 8, seed: 3, samplesEvery: 4, sampleCount: 5,
  }`,
  // A software driver takes its time.
  few: `{
    system: zoo.gan,
    data: data.ring({ count: 500 }),
    hyper: { latent: 4, width: 8, units: 4, pieces: 2, batch: 20, group: 20 },
    rounds: 2, seed: 3, samplesEvery: 2, sampleCount: 5,
  }`,
  pictures: `{
    system: zoo.r3gan,
    data: data.shapes({ count: 40, size: 16 }),
    hyper: { latent: 8, width: 8, batch: 8, group: 4 },
    rounds: 2, seed: 3, samplesEvery: 2, sampleCount: 4,
  }`,
} as const;

type Game = keyof typeof games;

/** What is compared: events, and samples of the exported model. */
interface Outcome {
  readonly events: readonly RunEvent[];
  readonly generated: readonly number[];
  readonly model: number;
  readonly tensors: number;
}

const play = `async ({ data, generate, train, zoo }, options) => {
  const run = train(options);
  const events = [];
  for await (const event of run) events.push(event);
  const model = await run.generator();
  const tensors = await run.generator({ format: "safetensors" });
  const { items } = await generate(model, { count: 3, seed: 1 });
  const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
  const outcome = { events, generated: items, model: model.length, tensors: tensors.length };
  return JSON.parse(JSON.stringify(outcome, plain));
}`;

const script = (from: string, game: Game, more = "{}"): string => `
  import { data, generate, train, zoo } from ${JSON.stringify(from)};
  const play = ${play};
  const options = { ...${games[game]}, ...${more} };
  play({ data, generate, train, zoo }, options).then(
    (outcome) => { globalThis.outcome = outcome; },
    (error) => { globalThis.outcome = { error: String(error) }; },
  );
`;

const html = (src: string): string =>
  `<!doctype html><link rel="icon" href="data:," /><script type="module" src="${src}"></script>`;

let browser: Browser;
const inNode: Partial<Record<Game, Promise<Outcome>>> = {};

/** What Node's CPU says of a game. */
function expected(game: Game): Promise<Outcome> {
  // The text above is the test's own.
  inNode[game] ??= new Function(
    "library",
    `const { data, zoo } = library; return (${play})(library, { ...${games[game]}, folder: null });`,
  )({ data, generate, train, zoo }) as Promise<Outcome>;
  return inNode[game];
}

async function outcomeOf(options: SiteOptions): Promise<{ outcome: Outcome; site: Site }> {
  const site = await openSite(browser, options);
  try {
    const waiting = site.page.waitForFunction("globalThis.outcome", undefined, {
      timeout: 110_000,
    });
    const outcome = (await (await waiting).jsonValue()) as Outcome & { readonly error?: string };
    expect(outcome.error).toBeUndefined();
    return { outcome, site };
  } finally {
    await site.close();
  }
}

const roundsOf = ({ events }: Outcome) =>
  events.flatMap((event) => (event.type === "round" ? [{ ...event.terms, ...event.watches }] : []));

type Numbers = Readonly<Record<string, number>>;

function expectClose(got: Numbers, wanted: Numbers) {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [name, value] of Object.entries(wanted)) {
    const apart = Math.abs(got[name]! - value) / Math.max(1, Math.abs(value));
    expect(apart, name).toBeLessThan(1e-4);
  }
}

const listed = (values: ArrayLike<number>): Numbers =>
  Object.fromEntries(Object.entries(Array.from(values)));

async function expectAsInNode(outcome: Outcome, game: Game) {
  const wanted = await expected(game);
  const rounds = roundsOf(wanted);
  expect(rounds.length).toBeGreaterThan(1);
  const got = roundsOf(outcome);
  expect(got).toHaveLength(rounds.length);
  rounds.forEach((terms, i) => {
    expectClose(got[i]!, terms);
  });
  const told = ({ events }: Outcome) => events.map(({ type, round }) => `${type} ${round}`);
  expect(told(outcome)).toEqual(told(wanted));
  outcome.events.forEach((event, i) => {
    const other = wanted.events[i]!;
    if (event.type !== "samples" || other.type !== "samples") return;
    expect(event.items).toHaveLength(other.items.length);
    expectClose(listed(event.items), listed(other.items));
  });
  expectClose(listed(outcome.generated), listed(wanted.generated));
  expect(outcome.model).toBe(wanted.model);
  expect(outcome.tensors).toBe(wanted.tensors);
}

const startedOf = ({ events }: Outcome) => events.find((event) => event.type === "started");

const skipped = noChromium();
const patience = { timeout: 120_000 };
describe.skipIf(skipped !== undefined)(
  `in Chromium${skipped ? `: ${skipped}` : ""}`,
  patience,
  () => {
    beforeAll(async () => {
      await bundle(web);
      browser = await launchChromium();
    });
    afterAll(() => browser.close());

    it("a static page trains on WASM what Node trains on the CPU, and asks no other host", async () => {
      const files = { "/index.html": html("./app.js"), "/app.js": script("./belamy.js", "points") };
      const { outcome, site } = await outcomeOf({ files, folders: [web] });
      await expectAsInNode(outcome, "points");
      expect(startedOf(outcome)).toMatchObject({ device: "wasm", replicas: 1, rounds: 8 });
      expect(outcome.events.filter((event) => event.type === "verdicts")).not.toEqual([]);
      const asked = [...new Set(site.requests.map((url) => new URL(url).origin))];
      expect(asked).toEqual([site.origin]);
      const names = [...new Set(site.requests.map((url) => new URL(url).pathname))];
      expect(names.sort()).toEqual([
        "/",
        "/app.js",
        "/belamy-worker.js",
        "/belamy.js",
        "/ort-wasm-simd-threaded.asyncify.wasm",
      ]);
      expect(site.said).toEqual([]);
    });

    it.each([
      [
        "without the worker's file",
        "this is no script",
        "its file did not load; host belamy-worker.js beside the script that imports belamy",
      ],
      [
        "with the worker of another version",
        'onmessage = ({ data }) => data.postMessage({ kind: "ready", version: "0.0.9" });',
        `belamy-worker.js is of version 0.0.9, not ${version}; copy it anew`,
      ],
    ])("%s it says so and trains in the page's own thread", async (_, worker, why) => {
      const files = {
        "/index.html": html("./app.js"),
        "/app.js": script("./belamy.js", "few"),
        "/belamy-worker.js": worker,
      };
      const { outcome, site } = await outcomeOf({ files, folders: [web] });
      await expectAsInNode(outcome, "few");
      expect(site.said).toEqual([`belamy: no worker, ${why}; computing in the page's own thread`]);
    });

    it("groups are shared among workers in an isolated page, to the same end", async () => {
      const files = {
        "/index.html": html("./app.js"),
        "/app.js": script("./belamy.js", "pictures", "{ replicas: 2 }"),
      };
      const { outcome, site } = await outcomeOf({ files, folders: [web], isolated: true });
      await expectAsInNode(outcome, "pictures");
      expect(startedOf(outcome)).toMatchObject({ device: "wasm", replicas: 2 });
      expect(site.said).toEqual([]);
    });

    it.skipIf(noSwiftShader() !== undefined)("WebGPU plays the same rounds", async () => {
      const files = {
        "/index.html": html("./app.js"),
        "/app.js": script("./belamy.js", "few", '{ device: "webgpu" }'),
      };
      const { outcome } = await outcomeOf({ files, folders: [web] });
      await expectAsInNode(outcome, "few");
      expect(startedOf(outcome)).toMatchObject({ device: "webgpu", replicas: 1 });
    });

    describe("through a bundler", () => {
      const source = join(folder, "app");
      beforeAll(() => {
        mkdirSync(join(source, "node_modules"), { recursive: true });
        symlinkSync(root, join(source, "node_modules/belamy"));
        writeFileSync(join(source, "package.json"), '{ "type": "module", "private": true }');
        writeFileSync(join(source, "app.js"), script("belamy", "points"));
        writeFileSync(join(source, "index.html"), html("./app.js"));
      });

      it("that leaves files alone, they are copied from dist/web", async () => {
        const out = join(folder, "rolldown");
        const made = await rolldown({ input: join(source, "app.js"), platform: "browser" });
        await made.write({ file: join(out, "app.js"), format: "esm" });
        await made.close();
        cpSync(join(source, "index.html"), join(out, "index.html"));
        for (const name of ["belamy-worker.js", "ort-wasm-simd-threaded.asyncify.wasm"]) {
          cpSync(join(web, name), join(out, name));
        }
        const { outcome, site } = await outcomeOf({ folders: [out] });
        await expectAsInNode(outcome, "points");
        expect(site.said).toEqual([]);
      });

      it("that follows them, such as Vite, nothing is to be done", async () => {
        const out = join(folder, "vite");
        await build({
          root: source,
          configFile: false,
          logLevel: "error",
          build: { outDir: out, emptyOutDir: true, minify: false },
        });
        const { outcome, site } = await outcomeOf({ folders: [out] });
        await expectAsInNode(outcome, "points");
        expect(site.said).toEqual([]);
        expect(site.requests.every((url) => url.startsWith(site.origin))).toBe(true);
      });
    });

    it("the example page draws, and hands out its model", async () => {
      const site = await openSite(browser, {
        files: { "/index.html": "<!doctype html>" },
        folders: [root],
      });
      try {
        await site.page.goto(`${site.origin}/examples/page/index.html?rounds=5`);
        const link = site.page.locator("#model");
        await link.waitFor({ state: "visible", timeout: 110_000 });
        expect(await site.page.locator("#said").textContent()).toBe("finished after 5 rounds");
        const blue = `(() => {
        const { data } = document.querySelector("canvas").getContext("2d").getImageData(0, 0, 512, 512);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i] === 20 && data[i + 2] === 200) count++;
        return count;
      })()`;
        expect(await site.page.evaluate(blue)).toBeGreaterThan(500);
      } finally {
        await site.close();
      }
    });
  },
);
