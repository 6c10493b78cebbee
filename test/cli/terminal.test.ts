import { describe, expect, test } from "vitest";
import { Preview } from "../../src/cli/report/preview.js";
import { indexed, paint, sheetFor, tile } from "../../src/cli/terminal/picture.js";
import { scatter } from "../../src/cli/terminal/scatter.js";
import { colorsOf } from "../../src/cli/terminal/terminal.js";
import { clip, clock, counted, flow, visibleWidth } from "../../src/cli/terminal/text.js";
import { shapes } from "../../src/data/shapes.js";
import { table, wrap } from "../../src/game/table.js";

test.each([
  [{ TERM: "xterm-256color" }, true, "256"],
  [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, true, "true"],
  [{ TERM: "xterm-256color", COLORTERM: "truecolor", NO_COLOR: "1" }, true, "none"],
  [{ TERM: "xterm-256color", NO_COLOR: "" }, true, "256"],
  [{ TERM: "xterm-256color" }, false, "none"],
  [{ TERM: "dumb", COLORTERM: "truecolor" }, true, "none"],
  [{ FORCE_COLOR: "1" }, false, "256"],
  [{ TERM: "linux" }, true, "none"],
])("colours of %j, a screen: %s", (env, isTty, expected) => {
  expect(colorsOf(env, isTty)).toBe(expected);
});

describe("pictures", () => {
  /** Red over blue beside black over white, 2 × 2. */
  const items = Uint8Array.from([255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255]);
  const sheet = { across: 1, down: 1, width: 2, height: 2 };
  const canvas = tile({ items, shape: [3, 2, 2], count: 1 }, sheet);

  test("two pixels in a character, 24 bits", () => {
    expect(paint(canvas, { colors: "true", unicode: true })).toEqual([
      "\x1b[38;2;255;0;0;48;2;0;0;255m▀\x1b[38;2;0;0;0;48;2;255;255;255m▀\x1b[0m",
    ]);
  });

  test("with 256 colours, and without", () => {
    expect(paint(canvas, { colors: "256", unicode: true })).toEqual([
      "\x1b[38;5;196;48;5;21m▀\x1b[38;5;16;48;5;231m▀\x1b[0m",
    ]);
    expect(paint(canvas, { colors: "none", unicode: true })).toEqual(["░▒"]);
    expect(paint(canvas, { colors: "none", unicode: false })).toEqual(["-="]);
  });

  test("the nearest of xterm's colours", () => {
    expect([indexed([255, 255, 255]), indexed([128, 128, 128])]).toEqual([231, 244]);
    expect([indexed([95, 135, 175]), indexed([8, 8, 8])]).toEqual([67, 232]);
  });

  test("a grid without colours", () => {
    const data = shapes({ count: 8, size: 16 });
    const terminal = { colors: "none", unicode: false } as const;
    const shown = { items: data.items as Uint8Array, shape: data.shape, count: 8 };
    const place = sheetFor(shown, { columns: 40, lines: 10 });
    expect(paint(tile(shown, place), terminal).join("\n")).toMatchSnapshot();
  });

  test("tiles fit, whatever the place", () => {
    for (const columns of [1, 7, 39, 80, 300]) {
      for (const lines of [1, 5, 24]) {
        const place = { columns, lines };
        const { across, down, width, height } = sheetFor({ shape: [3, 64, 64], count: 64 }, place);
        expect(across * (width + 1) - 1).toBeLessThanOrEqual(columns);
        expect(down === 1 || down * (height + 1) - 1 <= 2 * lines).toBe(true);
      }
    }
  });
});

describe("points", () => {
  const made = { items: Float32Array.from([-1, -1, 1, 1, 0, 0]), dimensions: 2 };
  const real = { items: Float32Array.from([1, 1, -1, 1]), dimensions: 2 };
  const bounds = { left: -1.2, right: 1.2, bottom: -1.2, top: 1.2 };
  const place = { real, bounds, columns: 8, lines: 4 };

  test("as braille, made ones over real ones", () => {
    const terminal = { colors: "true", unicode: true } as const;
    expect(scatter(made, { ...place, terminal })).toMatchInlineSnapshot(`
      [
        "[2m⠐[0m      [1;36m⠂[0m",
        "",
        "    [1;36m⠁[0m",
        "[1;36m⠠[0m",
      ]
    `);
  });

  test("as letters", () => {
    const terminal = { colors: "none", unicode: false } as const;
    expect(scatter(made, { ...place, terminal })).toMatchInlineSnapshot(`
      [
        ".      #",
        "",
        "    o",
        "o",
      ]
    `);
  });

  test("a preview keeps a square square in 40 columns", () => {
    const data = { kind: "points", items: real.items, shape: [2], count: 2 } as const;
    const terminal = { colors: "none", unicode: true } as never;
    const lines = new Preview(terminal, data).draw(
      { items: made.items, shape: [2], count: 3 },
      { columns: 39, lines: 30 },
    );
    expect(lines.length).toBe(19);
    expect(Math.max(...lines.map(visibleWidth))).toBeLessThanOrEqual(39);
  });
});

test("lines are cut with their colours closed", () => {
  expect(clip("\x1b[1mbold words\x1b[22m here", 7)).toBe("\x1b[1mbold w\x1b[22m…");
  expect(clip("short", 7)).toBe("short");
});

test("parts flow into lines, words wrap, columns align", () => {
  expect(flow(["one", "two", "three"], 10)).toEqual(["one   two", "three"]);
  expect(wrap("a long-winded sentence", 8)).toEqual(["a", "long-winded", "sentence"]);
  const rows = [
    ["a", "1", "some words that wrap"],
    ["bcd", "20", ""],
  ];
  expect(table(rows, [{}, { align: "right" }, { wraps: true }], { width: 24 })).toEqual([
    "a     1  some words that",
    "         wrap",
    "bcd  20",
  ]);
});

test("times and counts", () => {
  expect([clock(7.4), clock(750), clock(3723)]).toEqual(["0:07", "12:30", "1:02:03"]);
  expect([counted(1, "picture"), counted(1200, "point")]).toEqual(["1 picture", "1,200 points"]);
});
