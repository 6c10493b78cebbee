import type { Legend, LegendEntry } from "../shape/legend.js";
import { oklch } from "./oklch.js";

type Colour = LegendEntry["colour"];

/** What does not count is black. */
const black: Colour = [0, 0, 0];

/** Colours that are easily told apart, for classes that have none of their own. */
// biome-ignore format: a table
const palette: readonly Colour[] = [
  [ 92, 168, 232], [178,  84,  62], [240, 214, 120], [112, 116, 128], [206, 176, 208], [ 74, 150,  66],
  [236, 124,  44], [142,  96, 178], [ 38,  78, 168], [226,  60,  92], [ 52, 182, 164], [150, 110,  60],
  [255, 172, 190], [168, 206,  60], [110,  28,  52], [ 20,  96,  84], [248, 240, 200], [ 84,  64, 140],
];

/** The colour of class number `i` where it has none: the palette's, and after them any hue in turn. */
function colourOf(i: number): Colour {
  const fixed = palette[i];
  if (fixed !== undefined) return fixed;
  // The golden angle never comes back to a hue; lightness alternates.
  const [r, g, b] = oklch(0.5 + 0.12 * (i % 4), 0.14, (i * 137.508) % 360);
  return [Math.round(255 * r), Math.round(255 * g), Math.round(255 * b)];
}

const ignoredName = /^(void|un-?label+ed|ignored?|don'?t[ -]?care)$/i;

/** Whether a class of this name counts nowhere, as far as its name says. */
export const isIgnoredName = (name: string): boolean => ignoredName.test(name.trim());

/** A class of a legend before it is known what colour it has. */
export interface LegendName {
  readonly name: string;
  readonly colour?: Colour;
  readonly ignored?: boolean;
}

/**
 * A legend from classes in order: those without a colour have one of a fixed palette, and what is
 * called void, unlabelled or ignored, or is named so by `voids`, is ignored and black.
 */
export function legendOf(
  classes: readonly LegendName[],
  { voids = [] }: { readonly voids?: readonly string[] } = {},
): Legend {
  const taken = new Set(classes.flatMap(({ colour }) => (colour ? [colour.join()] : [])));
  let next = 0;
  const free = (): Colour => {
    for (;;) {
      const colour = colourOf(next++);
      if (taken.has(colour.join())) continue;
      taken.add(colour.join());
      return colour;
    }
  };
  return classes.map(({ name, colour, ignored }): LegendEntry => {
    const isIgnored = ignored ?? (voids.includes(name) || isIgnoredName(name));
    const own = colour ?? (isIgnored && !taken.has(black.join()) ? black : free());
    taken.add(own.join());
    return { name, colour: own, ...(isIgnored ? { ignored: true } : {}) };
  });
}

/** Class numbers `[h w]` as a picture in the colours of a legend, planar `[3 h w]`. */
export function paintClasses(numbers: Uint8Array, legend: Legend, out: Uint8Array): void {
  const area = numbers.length;
  for (let i = 0; i < area; i++) {
    const { colour } = legend[numbers[i]!]!;
    for (let c = 0; c < 3; c++) out[c * area + i] = colour[c]!;
  }
}
