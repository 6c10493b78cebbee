import { Random } from "../shape/random.js";
import { checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedBytes, sharedInts } from "./memory.js";
import { oklch } from "./oklch.js";
import { type Field, type Texture, textureFields } from "./texture-fields.js";

// Object.keys forgets that the keys are the table's own.
const kinds = Object.keys(textureFields) as Texture[];

/** Each pixel is the mean of this many points a side. */
const fine = 2;

/**
 * Pictures of surfaces, `count` times `[3 size size]`, labelled by what they show: bricks, wavy
 * stripes, oriented grass and gravel. Parts are 1 to 12 pixels wide, so that a picture four times
 * smaller hints at them and has lost their edges, and colours are drawn alike for all four, so that only texture tells
 * them apart.
 *
 * @throws {ConfigurationError} when count, size or seed is no whole number.
 *
 * @example
 * const { shape, classes } = data.textures({ count: 4, size: 24 });
 * shape; // → [3,24,24]
 * classes; // → ["bricks","stripes","grass","gravel"]
 */
export function textures({
  count = 2048,
  size = 48,
  seed = 0,
}: {
  /** How many pictures. */
  readonly count?: number;
  /** Pixels a side. */
  readonly size?: number;
  /** What they are drawn with: the same seed gives the same pictures. */
  readonly seed?: number;
} = {}): Dataset<Uint8Array> {
  checkWhole("textures", { count, size, seed });
  const each = 3 * size * size;
  const items = sharedBytes(count * each);
  const labels = sharedInts(count);
  for (let i = 0; i < count; i++) {
    const random = new Random({ seed, purpose: "data/textures", at: [i] });
    const label = random.integer(kinds.length);
    labels[i] = label;
    const colours = coloursFrom(random);
    const field = textureFields[kinds[label]!](random);
    render(field, { colours, size, out: items.subarray(i * each, (i + 1) * each) });
  }
  const data = {
    name: "textures",
    kind: "pictures",
    shape: [3, size, size],
    count,
    items,
    labels,
    classes: kinds,
    modes: undefined,
    skipped: [],
  } as const;
  return { ...data, fingerprint: fingerprintOf(data) };
}

type Colours = readonly (readonly [number, number, number])[];

/** From a dark colour to a light one whose hue is near, in 256 steps. */
function coloursFrom(random: Random): Colours {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const hue = between(0, 360);
  const dark = { light: between(0.2, 0.35), chroma: between(0.02, 0.08), hue };
  const pale = {
    light: between(0.72, 0.9),
    chroma: between(0.02, 0.08),
    hue: hue + between(-40, 40),
  };
  return Array.from({ length: 256 }, (_, i) => {
    const mix = (a: number, b: number) => a + ((b - a) * i) / 255;
    return oklch(
      mix(dark.light, pale.light),
      mix(dark.chroma, pale.chroma),
      mix(dark.hue, pale.hue),
    );
  });
}

function render(
  field: Field,
  {
    colours,
    size,
    out,
  }: { readonly colours: Colours; readonly size: number; readonly out: Uint8Array },
): void {
  const plane = size * size;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sums = [0, 0, 0];
      for (let i = 0; i < fine; i++) {
        for (let j = 0; j < fine; j++) {
          const value = field(x + (j + 0.5) / fine, y + (i + 0.5) / fine);
          const colour = colours[Math.round(255 * Math.min(1, Math.max(0, value)))]!;
          for (let c = 0; c < 3; c++) sums[c]! += colour[c]!;
        }
      }
      for (let c = 0; c < 3; c++) {
        out[c * plane + y * size + x] = Math.round((255 * sums[c]!) / fine ** 2);
      }
    }
  }
}
