import type { Terminal } from "./terminal.js";

/** The rectangle of the plane that is shown. */
export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** Points one after the other; only the first two numbers of each are shown. */
export interface Points {
  readonly items: Float32Array;
  readonly dimensions: number;
}

/** A little more than the place that most points take. */
export function boundsOf({ items, dimensions }: Points): Bounds {
  const range = (axis: number): readonly [number, number] => {
    const values: number[] = [];
    for (let i = axis; i < items.length; i += dimensions) values.push(items[i]!);
    values.sort((a, b) => a - b);
    const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? 0;
    const [low, high] = [at(0.002), at(0.998)];
    const margin = Math.max(1e-6, (high - low) * 0.15);
    return [low - margin, high + margin];
  };
  const [left, right] = range(0);
  const [bottom, top] = dimensions > 1 ? range(1) : [-1, 1];
  return { left, right, bottom, top };
}

const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Made points over real ones: braille dots, two by four in a character; the real ones are dim. */
export function scatter(
  made: Points,
  {
    real,
    bounds,
    columns,
    lines,
    terminal: { colors, unicode },
  }: {
    readonly real: Points | undefined;
    readonly bounds: Bounds;
    readonly columns: number;
    readonly lines: number;
    readonly terminal: Pick<Terminal, "colors" | "unicode">;
  },
): string[] {
  const front = dots(made, { bounds, columns, lines });
  const back = real === undefined ? undefined : dots(real, { bounds, columns, lines });
  return Array.from({ length: lines }, (_, row) => {
    let line = "";
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const [mine, theirs] = [front[at]!, back?.[at] ?? 0];
      if (colors === "none") line += unicode ? braille(mine) : ascii(mine, theirs);
      else if (mine !== 0) line += `\x1b[1;36m${braille(mine | theirs)}\x1b[0m`;
      else line += theirs === 0 ? " " : `\x1b[2m${braille(theirs)}\x1b[0m`;
    }
    return line.trimEnd();
  });
}

const braille = (bits: number): string => (bits === 0 ? " " : String.fromCharCode(0x2800 + bits));

const ascii = (made: number, real: number): string =>
  made !== 0 ? (real !== 0 ? "#" : "o") : real !== 0 ? "." : " ";

/** One byte of braille bits for each character. */
function dots(
  { items, dimensions }: Points,
  {
    bounds: { left, right, bottom, top },
    columns,
    lines,
  }: { readonly bounds: Bounds; readonly columns: number; readonly lines: number },
): Uint8Array {
  const bits = new Uint8Array(columns * lines);
  for (let i = 0; i + dimensions <= items.length; i += dimensions) {
    const x = Math.floor(((items[i]! - left) / (right - left)) * columns * 2);
    const height = dimensions > 1 ? items[i + 1]! : 0;
    const y = Math.floor(((top - height) / (top - bottom)) * lines * 4);
    if (!(x >= 0 && y >= 0 && x < columns * 2 && y < lines * 4)) continue;
    const at = Math.floor(y / 4) * columns + Math.floor(x / 2);
    bits[at] = bits[at]! | dotBits[y % 4]![x % 2]!;
  }
  return bits;
}
