import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { rolldown } from "rolldown";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { version } from "../../src/page/version.js";
import { bundle } from "../../tools/bundle.mjs";
import { launchChromium, noChromium, noSwiftShader, root } from "../support/chromium.js";
import { expectAsInNode, html, type Outcome, script, startedOf } from "./games.js";
import { openSite, type Site, type SiteOptions } from "./site.js";

const folder = mkdtempSync(join(tmpdir(), "belamy-page-"));
const web = join(folder, "web");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let browser: Browser;

async function outcomeOf(
  options: SiteOptions,
): Promise<{ readonly outcome: Outcome; readonly site: Site }> {
  const site = await openSite(browser, options);
  try {
    return { outcome: await awaitOutcome(site), site };
  } finally {
    await site.close();
  }
}

async function awaitOutcome({ page }: Site): Promise<Outcome> {
  const waiting = page.waitForFunction("globalThis.outcome", undefined, { timeout: 110_000 });
  const outcome = (await (await waiting).jsonValue()) as Outcome & { readonly error?: string };
  expect(outcome.error).toBeUndefined();
  return outcome;
}

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

    it("a large group is computed with all threads of an isolated page", async () => {
      const files = { "/index.html": html("./app.js"), "/app.js": script("./belamy.js", "large") };
      const { outcome, site } = await outcomeOf({ files, folders: [web], isolated: true });
      await expectAsInNode(outcome, "large");
      expect(site.said).toEqual([]);
      const workers = site.requests.filter((url) => url.endsWith("/belamy-worker.js"));
      // One that looked around and later checks, one that plays, and the engine's own.
      if (availableParallelism() > 1) expect(workers.length).toBeGreaterThan(2);
    });

    it("one run after another in a page plays in the same worker", async () => {
      const files = { "/index.html": html("./app.js"), "/app.js": script("./belamy.js", "few") };
      const site = await openSite(browser, { files, folders: [web] });
      try {
        await expectAsInNode(await awaitOutcome(site), "few");
        await expectAsInNode((await site.page.evaluate("globalThis.play()")) as Outcome, "few"); // what it returns
        const workers = site.requests.filter((url) => url.endsWith("/belamy-worker.js"));
        expect(workers).toHaveLength(1);
      } finally {
        await site.close();
      }
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

    it("a browser without WebGPU says so, and what to use", async () => {
      const asked = "{ system: zoo.gan, data: data.ring({ count: 50 }), device: 'webgpu' }";
      const app = `import { data, train, zoo } from "./belamy.js";
        globalThis.outcome = await train(${asked}).finish();`;
      const files = { "/index.html": html("./app.js"), "/app.js": app };
      const plain = await launchChromium({ webgpu: false });
      try {
        const site = await openSite(plain, { files, folders: [web] });
        await site.page.waitForFunction("globalThis.outcome");
        expect(await site.page.evaluate("globalThis.outcome")).toMatchObject({
          reason: "failed",
          message: expect.stringMatching(
            /^device webgpu: cannot run this graph\n {2}said {2}.+\n {2}hint {2}use device: "wasm"$/,
          ),
        });
        await site.close();
      } finally {
        await plain.close();
      }
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
