import type { Dataset } from "../../data/dataset.js";
import { readItems } from "../../shape/items.js";
import type { Shape } from "../../shape/shape.js";
import { type Canvas, paint, sheetFor, tile } from "../terminal/picture.js";
import { type Bounds, boundsOf, type Points, scatter } from "../terminal/scatter.js";
import type { Terminal } from "../terminal/terminal.js";

/** Samples or data, one item after another. */
export interface Shown {
  readonly items: Float32Array | Uint8Array;
  readonly shape: Shape;
  readonly count: number;
}

export interface Place {
  readonly columns: number;
  readonly lines: number;
}

/** Draws samples as pictures, or over the real points; what cannot be drawn gives no lines. */
export class Preview {
  private readonly terminal: Terminal;
  private readonly real: Points | undefined;
  private readonly bounds: Bounds | undefined;

  constructor(terminal: Terminal, data: Pick<Dataset, "kind" | "items" | "shape" | "count">) {
    this.terminal = terminal;
    if (data.kind !== "points") return;
    const shown = Array.from({ length: Math.min(data.count, 2000) }, (_, i) => i);
    const items = readItems(data, shown);
    if (!(items instanceof Float32Array)) return;
    this.real = { items, dimensions: data.shape[0] ?? 1 };
    this.bounds = boundsOf(this.real);
  }

  draw(shown: Shown, { columns, lines }: Place): string[] {
    const { items, shape } = shown;
    const { terminal, real } = this;
    if (this.bounds !== undefined && items instanceof Float32Array) {
      // Characters are about twice as high as wide, so a square is twice as many columns.
      const side = Math.max(4, Math.min(lines, Math.floor(columns / 2), 20));
      const made = { items, dimensions: shape[0] ?? 1 };
      const place = { columns: 2 * side, lines: side };
      return scatter(made, { real, bounds: this.bounds, ...place, terminal });
    }
    if (shape.length !== 3 || (shape[0] !== 1 && shape[0] !== 3)) return [];
    return paint(this.sheet(shown, { columns, lines }), terminal);
  }

  private sheet(shown: Shown, place: Place): Canvas {
    return tile(shown, sheetFor(shown, place));
  }
}
