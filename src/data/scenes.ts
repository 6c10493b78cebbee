import { ConfigurationError } from "../shape/error.js";
import type { Legend } from "../shape/legend.js";
import { Random } from "../shape/random.js";
import { checkLengths, checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedBytes } from "./memory.js";
import { drawScene } from "./scenes-draw.js";

/** What the colours of a scene's map mean. */
export const sceneLegend = [
  { name: "ground", colour: [186, 204, 150] },
  { name: "road", colour: [92, 98, 112] },
  { name: "ring", colour: [58, 112, 178] },
  { name: "core", colour: [250, 214, 70] },
  { name: "house", colour: [224, 196, 170] },
  { name: "roof", colour: [178, 58, 54] },
] as const satisfies Legend;

/** What things look like in a photo before anything covers it: nearer to each other than on the map. */
const looks: readonly (readonly [number, number, number])[] = [
  [132, 150, 112],
  [112, 116, 122],
  [96, 122, 146],
  [168, 150, 96],
  [158, 142, 128],
  [146, 104, 100],
];

/**
 * Scenes from above that keep rules, each as a map of its classes and a photo of it under heavy
 * noise: the items are the maps, `[3 size size]` in the colours of the legend, and what is given of
 * each is the photo. One or two roads cross a scene from rim to rim and never meet; one to three
 * closed rings each hold exactly one core; one or two houses each have exactly one roof; different
 * things do not touch. `brokenRules` counts where a map breaks them. A pixel of the photo says little
 * by itself: its colour is off by as much as colours differ, and blotches of any colour cover some.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * const { shape, given, legend } = data.scenes({ count: 2 });
 * [shape, given?.shape]; // → [[3,32,32],[3,32,32]]
 * legend?.map(({ name }) => name); // → ["ground","road","ring","core","house","roof"]
 */
export function scenes({
  count = 150,
  size = 32,
  seed = 0,
  noise = 0.13,
  blotches = 10,
}: {
  /** How many scenes. */
  readonly count?: number;
  /** Pixels a side, 32 or more. */
  readonly size?: number;
  /** What they are drawn with: the same seed gives the same scenes. */
  readonly seed?: number;
  /** Standard deviation of what is added to each number of a photo, as a part of white. */
  readonly noise?: number;
  /** Squares of one colour that cover a photo, on an area of 32 × 32. */
  readonly blotches?: number;
} = {}): Dataset<Uint8Array> {
  checkWhole("scenes", { count, size, seed });
  checkLengths("scenes", { noise, blotches });
  if (size < 32) {
    const why = `a scene needs 32 pixels a side, not ${size}`;
    throw new ConfigurationError({ op: "scenes.size", why });
  }
  const pixels = size * size;
  const items = sharedBytes(count * 3 * pixels);
  const photos = sharedBytes(count * 3 * pixels);
  for (let i = 0; i < count; i++) {
    const map = drawScene(new Random({ seed, purpose: "data/scenes", at: [i] }), size);
    const at = i * 3 * pixels;
    map.forEach((label, place) => {
      const { colour } = sceneLegend[label]!;
      for (let c = 0; c < 3; c++) items[at + c * pixels + place] = colour[c]!;
    });
    const random = new Random({ seed, purpose: "data/scenes photo", at: [i] });
    const out = photos.subarray(at, at + 3 * pixels);
    photograph(map, { size, random, noise, blotches, out });
  }
  const data = {
    name: "scenes",
    kind: "pictures",
    shape: [3, size, size],
    count,
    items,
    labels: undefined,
    classes: [],
    legend: sceneLegend,
    given: { shape: [3, size, size], items: photos },
    modes: undefined,
    skipped: [],
  } as const;
  return { ...data, fingerprint: fingerprintOf(data) };
}

/** Light from one side, blotches, then noise in every number. */
function photograph(
  map: Uint8Array,
  {
    size,
    random,
    noise,
    blotches,
    out,
  }: {
    readonly size: number;
    readonly random: Random;
    readonly noise: number;
    readonly blotches: number;
    readonly out: Uint8Array;
  },
): void {
  const pixels = size * size;
  const angle = 2 * Math.PI * random.uniform();
  const slope = 24 * random.uniform();
  const clean = new Float32Array(3 * pixels);
  for (let place = 0; place < pixels; place++) {
    const [x, y] = [(2 * (place % size)) / size - 1, (2 * Math.floor(place / size)) / size - 1];
    const light = slope * (x * Math.cos(angle) + y * Math.sin(angle));
    const look = looks[map[place]!]!;
    for (let c = 0; c < 3; c++) clean[c * pixels + place] = look[c]! + light;
  }
  for (let n = Math.round(blotches * (size / 32) ** 2); n > 0; n--) {
    const side = 2 + random.integer(2);
    const [left, top] = [random.integer(size), random.integer(size)];
    const colour = [0, 1, 2].map(() => 90 + random.integer(90));
    for (let y = top; y < Math.min(size, top + side); y++) {
      for (let x = left; x < Math.min(size, left + side); x++) {
        for (let c = 0; c < 3; c++) clean[c * pixels + y * size + x] = colour[c]!;
      }
    }
  }
  for (let i = 0; i < clean.length; i++) {
    const value = clean[i]! + 255 * noise * random.normal();
    out[i] = Math.max(0, Math.min(255, Math.round(value)));
  }
}
