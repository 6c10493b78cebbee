import type { Random } from "../shape/random.js";

/** A texture before it has colours: from a place in pixels to a brightness of about 0 … 1. */
export type Field = (x: number, y: number) => number;

/** What surfaces are made of, each seen from above, with the sizes of its parts in pixels. */
export const textureFields = { bricks, stripes, grass, gravel } as const;

export type Texture = keyof typeof textureFields;

const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform();

/** Random numbers on a lattice that repeats after 64 places, far beyond what is seen at once. */
function lattice(random: Random): (i: number, j: number) => number {
  const values = Float32Array.from({ length: 64 * 64 }, () => random.uniform());
  return (i, j) => values[(i & 63) * 64 + (j & 63)]!;
}

const floor = Math.floor;
const smooth = (t: number): number => t * t * (3 - 2 * t);
/** 0 below `low`, 1 above `high`. */
const ramp = (value: number, low: number, high: number): number =>
  Math.min(1, Math.max(0, (value - low) / (high - low)));

/** Random numbers, and what lies between them. */
function noise(random: Random): Field {
  const at = lattice(random);
  return (x, y) => {
    const [i, j] = [floor(x), floor(y)];
    const [s, t] = [smooth(x - i), smooth(y - j)];
    const above = at(i, j) * (1 - s) + at(i + 1, j) * s;
    const below = at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s;
    return above * (1 - t) + below * t;
  };
}

/** The same field turned by an angle, radians. */
const turned = (field: Field, angle: number): Field => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => field(c * x + s * y, c * y - s * x);
};

/** Courses that are half a brick apart, each brick with a shade and a rim of its own, in pale mortar. */
function bricks(random: Random): Field {
  const high = between(random, 7, 11);
  const long = high * between(random, 1.8, 2.4);
  const joint = between(random, 1.2, 2);
  const shade = lattice(random);
  const grain = noise(random);
  const offset = [between(random, 0, 50), between(random, 0, 50)] as const;
  const angle = between(random, -0.06, 0.06) + (random.uniform() < 0.5 ? 0 : Math.PI / 2);
  return turned((x, y) => {
    const row = floor((y + offset[1]) / high);
    const along = (x + offset[0]) / long + (row & 1) / 2;
    const column = floor(along);
    const left = (along - column) * long;
    const top = y + offset[1] - row * high;
    const rim = Math.min(left, long - left, top, high - top);
    const face = 0.1 + 0.45 * shade(row, column) + 0.25 * (grain(x / 1.1, y / 1.1) - 0.5);
    return face + (0.95 - face) * (1 - ramp(rim, joint / 2 - 0.3, joint / 2 + 0.3));
  }, angle);
}

/** Bands that sway together. */
function stripes(random: Random): Field {
  const length = between(random, 7, 12);
  const sway = between(random, 2, 4);
  const period = between(random, 22, 40);
  const [first, second] = [between(random, 0, 7), between(random, 0, 7)];
  return turned(
    (x, y) => {
      const bent = x + sway * Math.sin((2 * Math.PI * y) / period + first);
      return 0.5 + 0.45 * Math.tanh(2 * Math.sin((2 * Math.PI * bent) / length + second));
    },
    between(random, 0, Math.PI),
  );
}

/** Blades that lie about one way: noise that is long along it and thin across. */
function grass(random: Random): Field {
  const angle = between(random, 0, Math.PI);
  const layers = [-0.22, 0, 0.22].map((lean) => {
    const [blade, width] = [noise(random), between(random, 1.4, 2.2)];
    return turned((x, y) => blade(x / width, y / 16), angle + lean);
  });
  return (x, y) => {
    const all = layers.map((layer) => layer(x, y));
    const brightest = Math.max(...all);
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    return 0.5 + 2.2 * (0.5 * brightest + 0.5 * mean - 0.58);
  };
}

/** Stones that fill the plane, each nearest to its own middle, lit from one side, with dark gaps. */
function gravel(random: Random): Field {
  const size = between(random, 7, 11);
  const [px, py, shade, rest] = [0, 1, 2, 3].map(() => lattice(random)) as [
    Field,
    Field,
    Field,
    Field,
  ];
  const light = between(random, 0, 2 * Math.PI);
  const [lx, ly] = [Math.cos(light), Math.sin(light)];
  return (x, y) => {
    const [u, v] = [x / size, y / size];
    let [nearest, second] = [9, 9];
    let stone: readonly [number, number, number, number] = [0, 0, 0, 0];
    for (let i = floor(u) - 1; i <= floor(u) + 1; i++) {
      for (let j = floor(v) - 1; j <= floor(v) + 1; j++) {
        const [dx, dy] = [u - i - 0.1 - 0.8 * px(i, j), v - j - 0.1 - 0.8 * py(i, j)];
        const distance = Math.hypot(dx, dy);
        if (distance < nearest) {
          second = nearest;
          nearest = distance;
          stone = [dx, dy, shade(i, j), rest(i, j)];
        } else if (distance < second) second = distance;
      }
    }
    const [dx, dy, own, grain] = stone;
    const lit = 0.4 + 0.4 * own + 0.35 * (dx * lx + dy * ly) + 0.1 * (grain - 0.5);
    return lit * ramp(second - nearest, 0.02, 0.24);
  };
}
