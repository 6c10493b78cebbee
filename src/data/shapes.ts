import { Random } from "../shape/random.js";
import { checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedBytes, sharedInts } from "./memory.js";
import { type Outline, outlines } from "./outlines.js";
import { paint, type Scene } from "./paint.js";

// Object.keys forgets that the keys are the table's own.
const kinds = Object.keys(outlines) as Outline[];

/** Lightness, chroma and hue (Oklch) of what a shape can be coloured with. */
const colours = {
  red: [0.64, 0.22, 25],
  orange: [0.74, 0.17, 56],
  yellow: [0.87, 0.17, 94],
  green: [0.74, 0.19, 146],
  teal: [0.74, 0.12, 192],
  blue: [0.63, 0.18, 256],
  violet: [0.61, 0.21, 298],
  pink: [0.74, 0.17, 354],
} as const;

/** All of them light: a small network learns colours and outlines in minutes, not day and night. */
const backgrounds = {
  cream: [0.95, 0.04, 88],
  sky: [0.9, 0.055, 236],
  rose: [0.91, 0.05, 12],
  mint: [0.93, 0.05, 165],
  lilac: [0.9, 0.05, 308],
  pearl: [0.94, 0.01, 80],
} as const;

type Colour = keyof typeof colours;
type Background = keyof typeof backgrounds;

/** What is the same in shape and background, and so hard to see. */
const faint = new Set(["yellow cream", "pink rose", "green mint", "violet lilac"]);

/**
 * Pictures of one coloured shape each on a softly graded background, drawn from signed distances:
 * `count` times `[3 size size]`, labelled by shape, with captions ("a small red star on sky") and
 * the factors they were drawn from (positions in −1 … 1, y upwards; sizes as part of the half
 * width; rotation in degrees).
 *
 * @throws {ConfigurationError} when count, size or seed is no whole number.
 *
 * @example
 * const { shape, captions } = data.shapes({ count: 3, size: 16, seed: 1 });
 * shape; // → [3,16,16]
 * captions?.[0]; // → "a small blue triangle on mint"
 */
export function shapes({
  count = 4096,
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
  checkWhole("shapes", { count, size, seed });
  const each = 3 * size * size;
  const items = sharedBytes(count * each);
  const labels = sharedInts(count);
  const drawn = Array.from({ length: count }, (_, i) => {
    const facts = draw(new Random({ seed, purpose: "data/shapes", at: [i] }));
    paint(facts.scene, { size, out: items.subarray(i * each, (i + 1) * each) });
    labels[i] = kinds.indexOf(facts.shape);
    return facts;
  });
  const data = {
    name: "shapes",
    kind: "pictures",
    shape: [3, size, size],
    count,
    items,
    labels,
    classes: kinds,
    modes: undefined,
    skipped: [],
  } as const;
  return {
    ...data,
    captions: drawn.map(caption),
    factors: {
      shape: drawn.map((d) => d.shape),
      color: drawn.map((d) => d.colour),
      background: drawn.map((d) => d.background),
      size: drawn.map((d) => d.scene.radius),
      x: drawn.map((d) => d.scene.x),
      y: drawn.map((d) => d.scene.y),
      rotation: drawn.map((d) => d.rotation),
    },
    fingerprint: fingerprintOf(data),
  };
}

interface Drawn {
  readonly shape: Outline;
  readonly colour: Colour;
  readonly background: Background;
  readonly rotation: number;
  readonly scene: Scene;
}

const smallest = 0.52;
const largest = 0.8;

function draw(random: Random): Drawn {
  const among = <T>(words: readonly T[]): T => words[random.integer(words.length)]!;
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const shape = among(kinds);
  let colour: Colour;
  let background: Background;
  do {
    // Object.keys forgets that the keys are the tables' own.
    colour = among(Object.keys(colours) as Colour[]);
    background = among(Object.keys(backgrounds) as Background[]);
  } while (faint.has(`${colour} ${background}`));
  const radius = between(smallest, largest);
  const room = 0.6 * (0.96 - radius);
  const rotation = between(-20, 20);
  const [inkLight, inkChroma, inkHue] = colours[colour];
  const [light, chroma, hue] = backgrounds[background];
  return {
    shape,
    colour,
    background,
    rotation,
    scene: {
      outline: outlines[shape],
      radius,
      x: between(-room, room),
      y: between(-room, room),
      turn: (rotation * Math.PI) / 180,
      ink: {
        lightness: inkLight - 0.06 + between(-0.02, 0.02),
        chroma: inkChroma,
        hue: inkHue + between(-7, 7),
      },
      ground: { lightness: light + between(-0.02, 0.02), chroma, hue: hue + between(-8, 8) },
      slope: between(-0.9, 0.9),
    },
  };
}

function caption({ shape, colour, background, scene }: Drawn): string {
  const third = (scene.radius - smallest) / (largest - smallest);
  const words = [third < 1 / 3 ? "small" : third > 2 / 3 ? "large" : "", colour, shape];
  const thing = words.filter((word) => word !== "").join(" ");
  return `${thing.startsWith("orange") ? "an" : "a"} ${thing} on ${background}`;
}
