import type { Shape } from "../../shape/shape.js";
import type { Colors, Terminal } from "./terminal.js";

/** Pixels from 0 to 255, three numbers each, row by row; one pixel is left free between tiles. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
  /** Columns and rows of one tile. */
  readonly tile: readonly [columns: number, rows: number];
}

/** One item after the other: bytes from 0 to 255, or numbers from −1 to 1; `[c h w]` each. */
export interface Pictures {
  readonly items: Float32Array | Uint8Array;
  readonly shape: Shape;
  readonly count: number;
}

/** Where tiles go: how many across and down, and the pixels of one. */
export interface Sheet {
  readonly across: number;
  readonly down: number;
  readonly width: number;
  readonly height: number;
}

const gap = 1;

/** Fits tiles of some shape into a place of so many columns and pixel rows. */
export function sheetFor(
  { shape, count }: Pick<Pictures, "shape" | "count">,
  { columns, lines }: { readonly columns: number; readonly lines: number },
): Sheet {
  const [, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const least = Math.min(w, 16);
  const most = Math.max(1, Math.min(8, count, Math.floor((columns + gap) / (least + gap))));
  const width = Math.max(1, Math.min(w, Math.floor((columns - gap * (most - 1)) / most)));
  const natural = Math.max(1, Math.round((h * width) / w));
  const across = Math.max(1, Math.min(most, Math.floor((columns + gap) / (width + gap))));
  // One more row when that squeezes tiles by less than anyone sees.
  const room = Math.max(1, Math.floor((2 * lines + gap + natural / 8) / (natural + gap)));
  const down = Math.min(room, Math.ceil(count / across));
  const height =
    down === 1 ? natural : Math.min(natural, Math.floor((2 * lines + gap) / down) - gap);
  return { across, down, width, height };
}

/** Draws the first tiles of a set side by side; larger pictures are averaged down. */
export function tile({ items, shape, count }: Pictures, sheet: Sheet): Canvas {
  const [c, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const width = sheet.across * (sheet.width + gap) - gap;
  const height = sheet.down * (sheet.height + gap) - gap;
  const pixels = new Uint8ClampedArray(3 * width * height);
  const byte = items instanceof Uint8Array ? (v: number) => v : (v: number) => (v + 1) * 127.5;
  for (let i = 0; i < Math.min(count, sheet.across * sheet.down); i++) {
    const left = (i % sheet.across) * (sheet.width + gap);
    const top = Math.floor(i / sheet.across) * (sheet.height + gap);
    for (let y = 0; y < sheet.height; y++) {
      for (let x = 0; x < sheet.width; x++) {
        const at = 3 * ((top + y) * width + left + x);
        for (let k = 0; k < 3; k++) {
          const plane = items.subarray(
            (i * c + Math.min(k, c - 1)) * h * w,
            (i * c + Math.min(k, c - 1) + 1) * h * w,
          );
          const part = { x: (x * w) / sheet.width, y: (y * h) / sheet.height };
          pixels[at + k] = byte(
            average(plane, { ...part, w, dx: w / sheet.width, dy: h / sheet.height }),
          );
        }
      }
    }
  }
  return { width, height, pixels, tile: [sheet.width, sheet.height] };
}

/** The mean of the pixels under a rectangle, whole pixels only. */
function average(
  plane: Float32Array | Uint8Array,
  { x, y, w, dx, dy }: Readonly<Record<"x" | "y" | "w" | "dx" | "dy", number>>,
): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [x1, y1] = [Math.max(x0 + 1, Math.floor(x + dx)), Math.max(y0 + 1, Math.floor(y + dy))];
  let sum = 0;
  for (let row = y0; row < y1; row++)
    for (let col = x0; col < x1; col++) sum += plane[row * w + col]!;
  return sum / ((x1 - x0) * (y1 - y0));
}

/** A canvas as lines of text, two pixels in a character. */
export function paint(
  canvas: Canvas,
  { colors, unicode }: Pick<Terminal, "colors" | "unicode">,
): string[] {
  const lines: string[] = [];
  for (let y = 0; y < canvas.height; y += 2) {
    lines.push(
      colors === "none" ? shades(canvas, { y, unicode }) : halfBlocks(canvas, { y, colors }),
    );
  }
  return lines;
}

type Rgb = readonly [number, number, number];

/** A pixel, or nothing between tiles and outside. */
function pixel({ width, height, pixels, tile }: Canvas, x: number, y: number): Rgb | undefined {
  if (y >= height || x % (tile[0] + gap) >= tile[0] || y % (tile[1] + gap) >= tile[1]) {
    return undefined;
  }
  const at = 3 * (y * width + x);
  return [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
}

/** `▀` with the upper pixel in front and the lower one behind; where one is missing, half of that. */
function halfBlocks(
  canvas: Canvas,
  { y, colors }: { readonly y: number; readonly colors: Colors },
): string {
  const front = (c: Rgb): string =>
    colors === "true" ? `38;2;${c.join(";")}` : `38;5;${indexed(c)}`;
  const back = (c: Rgb): string =>
    colors === "true" ? `48;2;${c.join(";")}` : `48;5;${indexed(c)}`;
  let line = "";
  let before = "";
  for (let x = 0; x < canvas.width; x++) {
    const [top, bottom] = [pixel(canvas, x, y), pixel(canvas, x, y + 1)];
    const [letter, ...style] =
      top === undefined
        ? bottom === undefined
          ? [" ", "0"]
          : ["▄", "0", front(bottom)]
        : bottom === undefined
          ? ["▀", "0", front(top)]
          : ["▀", front(top), back(bottom)];
    const code = `\x1b[${style.join(";")}m`;
    line += code === before ? letter : code + letter;
    before = code;
  }
  return `${line}\x1b[0m`;
}

/** The nearest of xterm's 6 × 6 × 6 cube and its 24 greys. */
export function indexed([r, g, b]: Rgb): number {
  const level = (v: number): number => (v < 48 ? 0 : v < 115 ? 1 : Math.round((v - 55) / 40));
  const cube = [level(r), level(g), level(b)] as const;
  const value = (l: number): number => (l === 0 ? 0 : 55 + 40 * l);
  const grey = Math.max(0, Math.min(23, Math.round(((r + g + b) / 3 - 8) / 10)));
  const distance = (p: Rgb): number => (p[0] - r) ** 2 + (p[1] - g) ** 2 + (p[2] - b) ** 2;
  const shade = 8 + 10 * grey;
  return distance([value(cube[0]), value(cube[1]), value(cube[2])]) <=
    distance([shade, shade, shade])
    ? 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
    : 232 + grey;
}

/** Brightness alone, where there are no colours. */
function shades(
  canvas: Canvas,
  { y, unicode }: { readonly y: number; readonly unicode: boolean },
): string {
  const ramp = unicode ? " ░▒▓█" : " .:-=+*#%@";
  let line = "";
  for (let x = 0; x < canvas.width; x++) {
    const seen = [pixel(canvas, x, y), pixel(canvas, x, y + 1)].flatMap((rgb) => rgb ?? []);
    const mean = seen.reduce((a, b) => a + b, 0) / Math.max(1, seen.length);
    line += ramp[Math.floor((mean / 256) * ramp.length)];
  }
  return line.trimEnd();
}
