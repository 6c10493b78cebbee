import { evenPlaces, readItems } from "../shape/items.js";
import type { Legend } from "../shape/legend.js";
import type { Shape } from "../shape/shape.js";
import { indexed } from "./terminal/picture.js";
import { inkOf, type Terminal } from "./terminal/terminal.js";
import { flow } from "./terminal/text.js";

/** Maps, of which some are looked at. */
interface Maps {
  readonly items: Parameters<typeof readItems>[0]["items"];
  readonly shape: Shape;
  readonly count: number;
}

/** At most so many maps are looked at. */
const most = 256;

/** How much of some maps each class of a legend covers, in its order: shares of all pixels. */
export function sharesOf(maps: Maps, legend: Legend): readonly number[] {
  const counts = new Map<number, number>();
  const code = (r: number, g: number, b: number): number => (r << 16) | (g << 8) | b;
  let pixels = 0;
  for (const place of evenPlaces(maps.count, most)) {
    const map = readItems(maps, [place]);
    const area = map.length / 3;
    pixels += area;
    for (let i = 0; i < area; i++) {
      const key = code(map[i]!, map[area + i]!, map[2 * area + i]!);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return legend.map(({ colour }) => (counts.get(code(...colour)) ?? 0) / pixels);
}

/** What the colours of maps mean, each beside how much it covers. */
export function legendLines(
  maps: Maps & { readonly legend: Legend },
  { terminal, width }: { readonly terminal: Terminal; readonly width: number },
): string[] {
  const shares = sharesOf(maps, maps.legend);
  const { dim } = inkOf(terminal);
  const shown = maps.legend.map(({ name, colour, ignored }, k) => {
    const share = 100 * shares[k]!;
    const part = share > 0 && share < 0.1 ? "under 0.1%" : `${share.toFixed(1)}%`;
    return `${swatch(colour, terminal)}${dim(`${name} ${part}${ignored ? " (ignored)" : ""}`)}`;
  });
  return flow(shown, width);
}

/** A spot of a colour, where there are colours. */
function swatch(
  colour: readonly [number, number, number],
  { colors, unicode }: Pick<Terminal, "colors" | "unicode">,
): string {
  if (colors === "none") return "";
  const code = colors === "true" ? `2;${colour.join(";")}` : `5;${indexed(colour)}`;
  return `\x1b[38;${code}m${unicode ? "■" : "#"}\x1b[0m `;
}
