import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const home = mkdtempSync(join(tmpdir(), "belamy-home-"));
afterAll(() => rmSync(home, { recursive: true }));

/** Opens a session in a process of its own, and says whether ONNX Runtime left its log. */
function opens(environment: Readonly<Record<string, string>>): { readonly reported: boolean } {
  const dist = new URL("../../dist/", import.meta.url);
  const script = `
    const { lower, openSession, input } = await import(${JSON.stringify(new URL("index.js", dist))});
    const { model } = lower({ y: input("x", [2]).times(2) });
    const session = await openSession(model, { device: "cpu", threads: 1 });
    await session.release();
    const { existsSync } = await import("node:fs");
    const log = (await import("node:path")).join("/tmp", "mat-debug-" + process.pid + ".log");
    console.log(JSON.stringify({ reported: existsSync(log) }));
  `;
  // Where CI is set, the engine is silent by itself.
  const { ORT_DISABLE_TELEMETRY: _, CI: __, ...inherited } = process.env;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...inherited, HOME: home, XDG_CACHE_HOME: join(home, ".cache"), ...environment },
    encoding: "utf8",
  });
  return JSON.parse(out) as { reported: boolean }; // printed above
}

test("a session reports nothing to anybody and leaves nothing in the home folder", () => {
  expect(opens({}).reported).toBe(false);
  expect(existsSync(join(home, ".cache", "Microsoft"))).toBe(false);
});

// Without this the test above could not fail: it looks where the engine would have written.
test.runIf(process.platform === "linux")("which the engine would do unless told", () => {
  expect(opens({ ORT_DISABLE_TELEMETRY: "0" }).reported).toBe(true);
});
