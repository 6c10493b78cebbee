import { components } from "../shape/components.js";
import { core, house, ring, road, roof } from "./scenes-draw.js";

/** How often a map breaks each rule that scenes keep. */
export interface BrokenRules {
  /** Rings that are not closed, or are too small to hold anything. */
  readonly openRings: number;
  /** Closed rings without a core, or with more than one. */
  readonly wrongCores: number;
  /** Cores that no ring encloses. */
  readonly strayCores: number;
  /** Roads that do not reach the rim in two places or more. */
  readonly brokenRoads: number;
  /** Houses that touch no roof, or more than one. */
  readonly wrongRoofs: number;
  /** Roofs that touch no house, or more than one. */
  readonly strayRoofs: number;
}

/**
 * How often a map of a scene `[h w]`, classes in the order of the legend, breaks the rules of its
 * world: each ring is closed and holds one core, cores are in rings, roads lead from rim to rim,
 * each house has one roof and each roof one house. What `scenes` draws breaks none.
 *
 * @example
 * const one = data.scenes({ count: 1 });
 * const found = brokenRules(labelsIn(one.items, one), { height: 32, width: 32 });
 * Object.values(found).every((times) => times === 0); // → true
 */
export function brokenRules(
  map: ArrayLike<number>,
  {
    height,
    width,
  }: {
    /** Pixels from top to bottom. */
    readonly height: number;
    /** Pixels from left to right. */
    readonly width: number;
  },
): BrokenRules {
  const size = { height, width };
  const maskOf = (holds: (what: number) => boolean): Uint8Array =>
    Uint8Array.from({ length: height * width }, (_, i) => (holds(map[i]!) ? 1 : 0));
  const partsOf = (what: number) =>
    components(
      maskOf((other) => other === what),
      size,
    );

  const rings = partsOf(ring);
  const cores = partsOf(core);
  let [openRings, wrongCores] = [0, 0];
  const enclosed = new Set<number>();
  for (let r = 1; r <= rings.count; r++) {
    const outside = Uint8Array.from(rings.labels, (label) => (label === r ? 0 : 1));
    const around = components(outside, { ...size, neighbours: 4 });
    const inside = new Set<number>();
    let holds = false;
    around.labels.forEach((label, i) => {
      if (label === 0 || around.atRim[label - 1]) return;
      holds = true;
      if (cores.labels[i] !== 0) inside.add(cores.labels[i]!);
    });
    if (!holds) openRings++;
    else if (inside.size !== 1) wrongCores++;
    for (const one of inside) enclosed.add(one);
  }

  const roads = partsOf(road);
  let brokenRoads = 0;
  for (let r = 1; r <= roads.count; r++) if (sidesOf(roads.labels, r, size) < 2) brokenRoads++;

  const [houses, roofs] = [partsOf(house), partsOf(roof)];
  const under = touching(houses.labels, roofs.labels, size);
  const over = touching(roofs.labels, houses.labels, size);
  const notOne = (count: number, found: ReadonlyMap<number, ReadonlySet<number>>): number =>
    Array.from({ length: count }, (_, i) => found.get(i + 1)?.size ?? 0).filter((n) => n !== 1)
      .length;
  return {
    ...{ openRings, wrongCores, strayCores: cores.count - enclosed.size, brokenRoads },
    wrongRoofs: notOne(houses.count, under),
    strayRoofs: notOne(roofs.count, over),
  };
}

/** How many of the four sides of a picture a component reaches. */
function sidesOf(
  labels: Int32Array,
  wanted: number,
  { height, width }: { readonly height: number; readonly width: number },
): number {
  const sides = new Set<string>();
  labels.forEach((label, i) => {
    if (label !== wanted) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x === 0) sides.add("left");
    if (x === width - 1) sides.add("right");
    if (y === 0) sides.add("top");
    if (y === height - 1) sides.add("bottom");
  });
  return sides.size;
}

/** Which components of one kind lie beside which of another. */
function touching(
  of: Int32Array,
  others: Int32Array,
  { height, width }: { readonly height: number; readonly width: number },
): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>();
  const look = (here: number, there: number): void => {
    if (of[here] === 0 || others[there] === 0) return;
    const already = found.get(of[here]!) ?? new Set<number>();
    found.set(of[here]!, already.add(others[there]!));
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = y * width + x;
      for (const there of [x + 1 < width ? here + 1 : -1, y + 1 < height ? here + width : -1]) {
        if (there < 0) continue;
        look(here, there);
        look(there, here);
      }
    }
  }
  return found;
}
