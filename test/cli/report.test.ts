import { expect, test, vi } from "vitest";
import { LiveReporter } from "../../src/cli/report/live.js";
import { Meter } from "../../src/cli/report/meter.js";
import { PlainReporter } from "../../src/cli/report/plain.js";
import { Preview } from "../../src/cli/report/preview.js";
import { jsonLines } from "../../src/cli/report/reporter.js";
import type { Terminal } from "../../src/cli/terminal/terminal.js";
import type { RoundEvent, SamplesEvent } from "../../src/game/events.js";

const round = (n: number, rounds: number): RoundEvent => ({
  type: "round",
  round: n,
  progress: n / rounds,
  terms: { "D.real": 0.25, "G.fooling": 1 / 3 },
  watches: {},
  durationMs: 10,
});

const samples: SamplesEvent = {
  type: "samples",
  round: 0,
  count: 3,
  shape: [2],
  items: Float32Array.from([-1, -1, 1, 1, 0, 0]),
};

/** What a report uses of a terminal: up, erase and write a line, and a few switches. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const written = /\x1b\[(\d+)A|\x1b\[2K([^\n]*)\n|\x1b\[\??\d*[a-zA-Z]/g;

/** A screen that keeps what is written on it. */
function screen(columns: number): { readonly terminal: Terminal; readonly lines: string[] } {
  const lines: string[] = [];
  let row = 0;
  const write = (text: string): void => {
    for (const [, up, line] of text.matchAll(written)) {
      if (up !== undefined) row -= Number(up);
      else if (line !== undefined) lines[row++] = line;
    }
    lines.length = row;
  };
  const terminal: Terminal = {
    write,
    complain: () => {},
    live: true,
    colors: "none",
    unicode: true,
    columns: () => columns,
    rows: () => 24,
    env: {},
    closed: new AbortController().signal,
  };
  return { terminal, lines };
}

/** Plays 100 of 400 rounds, 20 a second, before one's eyes. */
function watch(columns: number): string[] {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { terminal, lines } = screen(columns);
  const data = { kind: "points", items: samples.items, shape: [2], count: 3 } as const;
  const meter = new Meter({ batch: 64, unit: "points" });
  const reporter = new LiveReporter(terminal, { meter, preview: new Preview(terminal, data) });
  reporter.take(samples);
  for (let n = 1; n <= 100; n++) {
    vi.advanceTimersByTime(50);
    const event = round(n, 400);
    meter.rounds = 400;
    meter.take(event, performance.now());
    reporter.take(event);
  }
  reporter.note("stopping");
  vi.useRealTimers();
  return lines;
}

test.each([100, 40])("a run in place, %i columns", (columns) => {
  const lines = watch(columns);
  expect(lines.join("\n")).toMatchSnapshot();
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
});

test("a line for every twentieth of a run, and every ten seconds", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  let out = "";
  const meter = new Meter({ batch: 2, unit: "pictures" });
  const reporter = new PlainReporter(meter, (text) => {
    out += text;
  });
  for (let n = 1; n <= 45; n++) {
    vi.advanceTimersByTime(n === 42 ? 10_000 : 100);
    meter.take(round(n, 400), performance.now());
    reporter.take(round(n, 400));
  }
  vi.useRealTimers();
  expect(out).toBe(
    `  5 %  round 20  10.0 rounds/s  20.0 pictures/s  0:38 left  D.real 0.25  G.fooling 0.333
 10 %  round 40  10.0 rounds/s  20.0 pictures/s  0:36 left  D.real 0.25  G.fooling 0.333
 10 %  round 42  10.0 s/round  0.20 pictures/s  59:40 left  D.real 0.25  G.fooling 0.333
`,
  );
});

test("JSON lines leave the numbers of samples out", () => {
  let out = "";
  const reporter = jsonLines((text) => {
    out += text;
  });
  reporter.take(samples);
  reporter.take({
    type: "verdicts",
    round: 1,
    shape: [2],
    accuracy: 1,
    cards: [{ real: true, belief: 0.9, right: true, item: Float32Array.from([1, 2]) }],
  });
  expect(out).toBe(
    `{"type":"samples","round":0,"count":3,"shape":[2]}
{"type":"verdicts","round":1,"shape":[2],"accuracy":1,"cards":[{"real":true,"belief":0.9,"right":true}]}
`,
  );
});
