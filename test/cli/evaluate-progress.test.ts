import { expect, test } from "vitest";
import { Progress } from "../../src/cli/evaluate/progress.js";
import type { Terminal } from "../../src/cli/terminal/terminal.js";

function screen({ live = true, unicode = true } = {}): { terminal: Terminal; said: string[] } {
  const said: string[] = [];
  const terminal: Terminal = {
    write: (text) => void said.push(text),
    complain: () => {},
    live,
    colors: "none",
    unicode,
    columns: () => 80,
    rows: () => 24,
    env: {},
    closed: new AbortController().signal,
  };
  return { terminal, said };
}

test("a bar on a screen, now and then and at the end; the line is left empty", () => {
  const { terminal, said } = screen();
  const progress = new Progress(terminal, { quiet: false });
  progress.say("drawing samples", 2500, 10_000);
  progress.say("drawing samples", 2501, 10_000);
  progress.say("drawing samples", 10_000, 10_000);
  progress.clear();
  progress.clear();
  expect(said).toEqual([
    `\r\x1b[2K${"━".repeat(6)}${"─".repeat(18)} drawing samples 2,500 of 10,000`,
    `\r\x1b[2K${"━".repeat(24)} drawing samples 10,000 of 10,000`,
    "\r\x1b[2K",
  ]);
});

test("plain letters where there are no others; nothing in a pipe or when quiet", () => {
  const plain = screen({ unicode: false });
  new Progress(plain.terminal, { quiet: false }).say("a", 1, 2);
  expect(plain.said).toEqual([`\r\x1b[2K${"=".repeat(12)}${"-".repeat(12)} a 1 of 2`]);
  for (const [live, quiet] of [
    [false, false],
    [true, true],
  ] as const) {
    const { terminal, said } = screen({ live });
    const progress = new Progress(terminal, { quiet });
    progress.say("a", 1, 2);
    progress.clear();
    expect(said).toEqual([]);
  }
});
