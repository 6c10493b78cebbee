import type { Random } from "../shape/random.js";

/** Light on a place, in nanomaggies a pixel, in the bands i, r and g: shown as red, green and blue. */
export type Bands = readonly [i: number, r: number, g: number];

/** A knot of young stars, or a star of our own galaxy in front: a Gaussian. */
export interface Knot {
  /** Pixels from the left and from the top edge. */
  readonly x: number;
  readonly y: number;
  /** Standard deviation, pixels. */
  readonly radius: number;
  /** Light at its middle. */
  readonly peak: Bands;
}

/** Logarithmic spiral arms of a disc. */
export interface Arms {
  readonly count: number;
  /** Angle between an arm and a circle, radians. */
  readonly pitch: number;
  /** Where an arm crosses the radius of one scale length, radians. */
  readonly phase: number;
  /** Which way they wind: 1 or −1. */
  readonly hand: number;
  /** Share of the disc's light that is in the arms. */
  readonly share: number;
}

/** What a galaxy is drawn from; lengths in pixels, angles in radians. */
export interface Galaxy {
  readonly x: number;
  readonly y: number;
  /** Of the long axis, from the right downwards. */
  readonly angle: number;
  /** Short axis over long axis. */
  readonly axis: number;
  /** Sérsic's profile of index n: half of its light lies within `radius`, where it has `light`. */
  readonly bulge: {
    readonly n: number;
    readonly radius: number;
    readonly axis: number;
    readonly light: Bands;
  };
  /** An exponential disc, `light` at its middle. */
  readonly disc?: { readonly scale: number; readonly light: Bands; readonly arms: Arms };
  readonly clumps: readonly Knot[];
  readonly stars: readonly Knot[];
}

/** Any galaxy for a picture of `size` pixels a side: two in three are spirals. */
export function anyGalaxy(random: Random, size: number): Galaxy {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const unit = size / 48;
  const place = {
    x: size / 2 + unit * between(-2, 2),
    y: size / 2 + unit * between(-2, 2),
    angle: between(0, Math.PI),
  };
  const stars = Array.from({ length: random.integer(4) }, (): Knot => {
    const [bright, warm] = [between(0.25, 1) ** 3 * 4, between(-0.25, 0.35)];
    const peak = [bright * (1 + warm), bright, bright * (1 - warm)] as const;
    return { x: between(1, size - 1), y: between(1, size - 1), radius: 0.85, peak };
  });
  if (random.uniform() < 1 / 3) {
    const light = between(0.05, 0.28);
    const warm = between(0.22, 0.4);
    const axis = between(0.45, 1);
    return {
      ...place,
      axis,
      bulge: {
        n: between(2.5, 5),
        radius: unit * between(3, 7),
        axis,
        light: [light * (1 + warm), light, light * (1 - 1.2 * warm)],
      },
      clumps: [],
      stars,
    };
  }
  const axis = between(0.45, 1);
  const scale = unit * between(4.5, 7);
  const arms: Arms = {
    count: 2 + random.integer(2),
    pitch: (Math.PI / 180) * between(14, 28),
    phase: between(0, 2 * Math.PI),
    hand: random.integer(2) * 2 - 1,
    share: between(0.5, 0.85),
  };
  const light = between(0.35, 0.9);
  const old = light * between(0.3, 1.2);
  const warm = between(0.2, 0.35);
  const blue = between(0, 0.2);
  const disc = { scale, light: [light, light, light * (1 + blue)] as const, arms };
  const clumps = Array.from({ length: 3 + random.integer(10) }, (): Knot => {
    const r = scale * between(0.7, 2.6);
    const arm = (2 * Math.PI * random.integer(arms.count)) / arms.count;
    const along = arm + armAngle(arms, r / scale) + 0.16 * random.normal();
    const [u, v] = [r * Math.cos(along), axis * r * Math.sin(along)];
    const [cos, sin] = [Math.cos(place.angle), Math.sin(place.angle)];
    const peak = light * between(0.5, 1.4) * Math.exp(-r / scale / 2.5);
    return {
      x: place.x + u * cos - v * sin,
      y: place.y + u * sin + v * cos,
      radius: between(0.7, 1),
      peak: [peak * between(0.7, 1.1), peak * between(0.6, 0.9), peak * between(1, 1.5)],
    };
  });
  return {
    ...place,
    axis,
    bulge: {
      n: between(1.5, 3),
      radius: unit * between(1.2, 2.4),
      axis: Math.min(1, axis + 0.3),
      light: [old * (1 + warm), old, old * (1 - 1.2 * warm)],
    },
    disc,
    clumps,
    stars,
  };
}

/** Where the first arm is at a radius that is given in scale lengths, radians. */
export const armAngle = ({ pitch, phase, hand }: Arms, r: number): number =>
  phase + (hand * Math.log(r)) / Math.tan(pitch);

/** How sharp arms are: that of von Mises' distribution around their middles. */
const sharpness = 2.2;

/** Mean of `exp(sharpness (cos − 1))` over a circle, so that arms add no light on the whole. */
const meanArm = ((): number => {
  let sum = 0;
  for (let i = 0; i < 360; i++) sum += Math.exp(sharpness * (Math.cos((i * Math.PI) / 180) - 1));
  return sum / 360;
})();

/** Colours of a disc between its arms and in them. */
const [between, armed] = [
  [1.25, 1, 0.65],
  [0.75, 0.9, 1.35],
] as const;

/** Within so many pixels of the middle each pixel is the mean of nine points, and one elsewhere. */
const core = 6;

/**
 * The light of a galaxy without noise: adds to `out`, planar `[3 size size]`, and gives the total.
 * Sérsic 1963 and Freeman 1970 for the profiles; arms of von Mises' form on logarithmic spirals.
 */
export function drawGalaxy(galaxy: Galaxy, size: number, out: Float64Array): number {
  const { x, y, angle, axis, bulge, disc } = galaxy;
  const plane = size * size;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  // Ciotti & Bertin 1999, the first terms of equation 18.
  const b = 2 * bulge.n - 1 / 3 + 4 / (405 * bulge.n);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const pixel = row * size + column;
      const fine = Math.abs(column - x) < core && Math.abs(row - y) < core ? 3 : 1;
      const weight = 1 / fine ** 2;
      for (let part = 0; part < fine * fine; part++) {
        const dx = column + ((part % fine) + 0.5) / fine - x;
        const dy = row + (Math.floor(part / fine) + 0.5) / fine - y;
        const u = dx * cos + dy * sin;
        const v = dy * cos - dx * sin;
        // Half a pixel of softness stands for the seeing of the originals.
        const within = Math.sqrt(u * u + (v / bulge.axis) ** 2 + 0.25);
        const old = weight * Math.exp(-b * ((within / bulge.radius) ** (1 / bulge.n) - 1));
        for (let c = 0; c < 3; c++) out[c * plane + pixel]! += old * bulge.light[c]!;
        if (!disc) continue;
        const r = Math.sqrt(u * u + (v / axis) ** 2) / disc.scale;
        const share = disc.arms.share * (1 - Math.exp(-((1.6 * r) ** 2)));
        const off = disc.arms.count * (Math.atan2(v / axis, u) - armAngle(disc.arms, r + 1e-3));
        const arm = share * (Math.exp(sharpness * (Math.cos(off) - 1)) / meanArm);
        const young = weight * Math.exp(-r);
        // What is between the arms is older and redder than they are.
        for (let c = 0; c < 3; c++) {
          const tinted = between[c]! * (1 - share) + armed[c]! * arm;
          out[c * plane + pixel]! += young * disc.light[c]! * tinted;
        }
      }
    }
  }
  for (const knot of [...galaxy.clumps, ...galaxy.stars]) addKnot(knot, size, out);
  let sum = 0;
  for (let i = 0; i < 3 * plane; i++) sum += out[i]!;
  return sum;
}

function addKnot({ x, y, radius, peak }: Knot, size: number, out: Float64Array): void {
  const reach = Math.ceil(4 * radius);
  for (let row = Math.floor(y) - reach; row <= y + reach; row++) {
    for (let column = Math.floor(x) - reach; column <= x + reach; column++) {
      if (row < 0 || column < 0 || row >= size || column >= size) continue;
      const square = (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2;
      const share = Math.exp(-square / (2 * radius ** 2));
      for (let c = 0; c < 3; c++) out[(c * size + row) * size + column]! += share * peak[c]!;
    }
  }
}
