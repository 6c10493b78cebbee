import type { Shape } from "../../shape/shape.js";
import type { Colors, Terminal } from "./terminal.js";

/** Pixels from 0 to 255, three numbers each, row by row. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
  /** Columns of one tile; the column after each is left empty. */
  readonly tile: number;
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
  const pixelRows = 2 * lines;
  const least = Math.min(w, 16);
  const most = Math.max(1, Math.min(8, count, Math.floor((columns + gap) / (least + gap))));
  const width = Math.max(1, Math.min(w, Math.floor((columns - gap * (most - 1)) / most)));
  // An even number of rows, so that a tile never shares a character with its neighbour.
  const height = 2 * Math.max(1, Math.round((h * width) / w / 2));
  const across = Math.max(1, Math.min(most, Math.floor((columns + gap) / (width + gap))));
  const room = Math.max(1, Math.floor(pixelRows / height));
  return { across, down: Math.max(1, Math.min(room, Math.ceil(count / across))), width, height };
}

/** Draws the first tiles of a set side by side; larger pictures are averaged down. */
export function tile({ items, shape, count }: Pictures, sheet: Sheet): Canvas {
  const [c, h, w] = shape as readonly [number, number, number]; // pictures have three axes
  const width = sheet.across * (sheet.width + gap) - gap;
  const height = sheet.down * sheet.height;
  const pixels = new Uint8ClampedArray(3 * width * height);
  const byte = items instanceof Uint8Array ? (v: number) => v : (v: number) => (v + 1) * 127.5;
  for (let i = 0; i < Math.min(count, sheet.across * sheet.down); i++) {
    const left = (i % sheet.across) * (sheet.width + gap);
    const top = Math.floor(i / sheet.across) * sheet.height;
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
  return { width, height, pixels, tile: sheet.width };
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

function pixel({ width, height, pixels }: Canvas, x: number, y: number): Rgb {
  const at = 3 * (Math.min(y, height - 1) * width + x);
  return [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
}

const isGap = ({ tile: width }: Canvas, x: number): boolean => x % (width + gap) >= width;

/** `▀` with the upper pixel in front and the lower one behind. */
function halfBlocks(
  canvas: Canvas,
  { y, colors }: { readonly y: number; readonly colors: Colors },
): string {
  let line = "";
  let before = "";
  for (let x = 0; x < canvas.width; x++) {
    if (isGap(canvas, x)) {
      line += "\x1b[0m ";
      before = "";
      continue;
    }
    const [top, bottom] = [pixel(canvas, x, y), pixel(canvas, x, y + 1)];
    const style =
      colors === "true"
        ? `\x1b[38;2;${top.join(";")};48;2;${bottom.join(";")}m`
        : `\x1b[38;5;${indexed(top)};48;5;${indexed(bottom)}m`;
    line += style === before ? "▀" : `${style}▀`;
    before = style;
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
    const sum = [...pixel(canvas, x, y), ...pixel(canvas, x, y + 1)].reduce((a, b) => a + b, 0);
    line += ramp[Math.min(ramp.length - 1, Math.floor((sum / 6 / 256) * ramp.length))];
  }
  return line.trimEnd();
}
