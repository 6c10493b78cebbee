import { Random } from "../shape/random.js";
import { checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { edgesOf } from "./edges.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedBytes, sharedInts } from "./memory.js";
import type { Ink } from "./paint.js";
import { hobo, satchel, tote } from "./products-bags.js";
import { armchair, dining, stool } from "./products-chairs.js";
import type { Cut, Made, MaterialName } from "./products-cut.js";
import { desk, floor, table } from "./products-lamps.js";
import { photograph } from "./products-paint.js";
import type { Outline } from "./products-raster.js";
import { boot, pump, sneaker } from "./products-shoes.js";

/** Lightness, chroma and hue (Oklch) of what a product can be made in. */
const colours = {
  black: [0.3, 0.01, 280],
  white: [0.93, 0.012, 90],
  brown: [0.47, 0.07, 55],
  tan: [0.7, 0.08, 70],
  red: [0.58, 0.2, 27],
  orange: [0.71, 0.16, 58],
  yellow: [0.84, 0.15, 92],
  green: [0.6, 0.13, 150],
  teal: [0.64, 0.1, 200],
  blue: [0.52, 0.15, 258],
  violet: [0.56, 0.16, 302],
  pink: [0.74, 0.14, 5],
} as const;

type Colour = keyof typeof colours;

interface Style {
  readonly make: (cut: Cut) => Made;
  /** What it comes in, as a rule. */
  readonly colours: readonly Colour[];
  /** What stands out on it; its other colours when left out. */
  readonly accents?: readonly Colour[];
}

const shades = ["white", "yellow", "orange", "tan"] as const;

/** The styles of each class. */
const kinds = {
  shoe: [
    { make: sneaker, colours: ["white", "red", "blue", "teal"] },
    { make: boot, colours: ["brown", "tan", "black", "green"] },
    { make: pump, colours: ["red", "black", "pink", "violet"] },
  ],
  bag: [
    { make: tote, colours: ["tan", "blue", "orange", "pink"] },
    { make: satchel, colours: ["brown", "red", "green", "black"] },
    { make: hobo, colours: ["violet", "teal", "yellow", "tan"] },
  ],
  chair: [
    { make: dining, colours: ["teal", "red", "yellow", "blue"] },
    { make: armchair, colours: ["blue", "green", "violet", "orange"] },
    { make: stool, colours: ["red", "black", "yellow", "teal"] },
  ],
  lamp: [
    { make: table, colours: ["blue", "white", "green", "brown"], accents: shades },
    { make: floor, colours: ["black", "brown", "green", "red"], accents: shades },
    { make: desk, colours: ["red", "yellow", "teal", "black"] },
  ],
} as const satisfies Readonly<Record<string, readonly Style[]>>;

type Kind = keyof typeof kinds;
// Object.keys forgets that the keys are the table's own.
const classes = Object.keys(kinds) as Kind[];

const backdrops = [
  [0.95, 0.012, 85],
  [0.94, 0.02, 235],
  [0.95, 0.022, 20],
  [0.94, 0.02, 160],
] as const;

/** What each class is made of. */
const madeOf: Readonly<Record<Kind, readonly MaterialName[]>> = {
  shoe: ["leather", "suede", "canvas", "patent"],
  bag: ["leather", "suede", "canvas", "patent"],
  chair: ["canvas", "suede", "leather"],
  lamp: ["metal", "wood", "patent", "leather"],
};

/**
 * Pictures of products as a catalogue shows them, drawn from splines: shoes, bags, chairs and lamps,
 * three styles of each, `count` times `[3 size size]`, labelled by class. Each has the drawing of its
 * edges as what is `given`, `[1 size size]`, a caption ("a red leather boot") and the
 * factors it was drawn from (sizes as parts of the picture's side).
 *
 * @throws {ConfigurationError} when count, size or seed is no whole number.
 *
 * @example
 * const { shape, given, classes, captions } = data.products({ count: 3, seed: 1 });
 * [shape, given?.shape]; // → [[3,32,32],[1,32,32]]
 * classes; // → ["shoe","bag","chair","lamp"]
 * captions?.[2]; // → "a red leather satchel"
 */
export function products({
  count = 2048,
  size = 32,
  seed = 0,
}: {
  /** How many pictures. */
  readonly count?: number;
  /** Pixels a side. */
  readonly size?: number;
  /** What they are drawn with: the same seed gives the same pictures. */
  readonly seed?: number;
} = {}): Dataset<Uint8Array> {
  checkWhole("products", { count, size, seed });
  const [each, area] = [3 * size * size, size * size];
  const items = sharedBytes(count * each);
  const given = sharedBytes(count * area);
  const labels = sharedInts(count);
  const made = Array.from({ length: count }, (_, i) => {
    const random = new Random({ seed, purpose: "data/products", at: [i] });
    const product = draw(random);
    const out = items.subarray(i * each, (i + 1) * each);
    photograph(product, { size, out, random });
    given.set(edgesOf(out, { shape: [3, size, size] }), i * area);
    labels[i] = classes.indexOf(product.kind);
    return product;
  });
  const data = {
    name: "products",
    kind: "pictures",
    shape: [3, size, size],
    count,
    items,
    labels,
    classes,
    modes: undefined,
    skipped: [],
    given: { shape: [1, size, size], items: given },
  } as const;
  const measure = (name: keyof Made["measures"]) => made.map(({ measures }) => measures[name]);
  return {
    ...data,
    captions: made.map(({ colour, material, style }) => {
      return `${colour === "orange" ? "an" : "a"} ${colour} ${material} ${style}`;
    }),
    factors: {
      style: made.map(({ style }) => style),
      color: made.map(({ colour }) => colour),
      accent: made.map(({ accent }) => accent),
      material: made.map(({ material }) => material),
      facing: made.map(({ facing }) => facing),
      height: measure("height"),
      width: measure("width"),
      detail: measure("detail"),
    },
    fingerprint: fingerprintOf(data),
  };
}

function draw(random: Random) {
  const among = <T>(list: readonly T[]): T => list[random.integer(list.length)]!;
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const kind = among(classes);
  const ink = (name: Colour): Ink => {
    const [lightness, chroma, hue] = colours[name];
    return { lightness: lightness + between(-0.03, 0.03), chroma, hue: hue + between(-8, 8) };
  };
  const style: Style = among<Style>(kinds[kind]);
  const colour = among(style.colours);
  const accent = among((style.accents ?? style.colours).filter((name) => name !== colour));
  const material = among(madeOf[kind]);
  const main = ink(colour);
  const cut: Cut = {
    between,
    whole: (low, high) => low + random.integer(high - low + 1),
    main,
    dark: { ...main, lightness: Math.max(0.2, main.lightness * 0.62), chroma: main.chroma * 0.8 },
    accent: ink(accent),
    wood: { lightness: between(0.45, 0.68), chroma: 0.075, hue: between(50, 72) },
    material,
  };
  const made = style.make(cut);
  const [lightness, chroma, hue] = among(backdrops);
  const scale = between(0.9, 1.04);
  const isMirrored = random.uniform() < 0.5;
  const shift = between(-0.025, 0.025);
  const across = (x: number): number => 0.5 + shift + (isMirrored ? 0.5 - x : x - 0.5) * scale;
  const down = (y: number): number => 0.88 + (y - 0.88) * scale;
  const moved = (outline: Outline): Outline =>
    outline.map((v, i) => (i % 2 === 0 ? across(v) : down(v)));
  return {
    ...{ ...made, kind, colour, accent, material, facing: isMirrored ? "right" : "left" },
    parts: made.parts.map((part) => ({ ...part, outline: moved(part.outline) })),
    stands: {
      x: across(made.stands.x),
      y: down(made.stands.y),
      half: made.stands.half * scale,
    },
    backdrop: { lightness, chroma, hue },
  };
}
