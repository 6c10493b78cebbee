import { components, holesIn } from "../shape/components.js";
import { checkMaps, type MapOptions } from "./iou.js";

/** What is wrong with the parts that classes fall into, in one picture; means over the pictures. */
export interface Structure {
  /** By how many the components of each class are more or fewer than they should be, over all classes. */
  readonly componentError: number;
  /** By how many they are more: what does not belong to anything. */
  readonly extraFragments: number;
  /** By how many holes in classes are more or fewer than they should be, over all classes. */
  readonly holeError: number;
  /** Of each class of the legend; an ignored one has none. */
  readonly ofClasses: readonly ClassStructure[];
}

/** The same of one class. */
export interface ClassStructure {
  readonly name: string;
  readonly componentError: number;
  readonly extraFragments: number;
  readonly holeError: number;
}

/**
 * Whether maps fall into as many parts as they should, `[n h w], [n h w]`: what a mean over pixels
 * does not see. Each class of each map is taken by itself; its parts hang together over corners, and
 * a hole is enclosed by it. Where the truth is an ignored class, nothing is there.
 *
 * @throws {ShapeError} when one has other pixels than the other, or they are not whole maps.
 * @example
 * const legend = [{ name: "sea", colour: [0, 0, 255] }, { name: "land", colour: [0, 160, 0] }] as const;
 * const { extraFragments } = structure([1, 0, 1], [1, 1, 1], { height: 1, width: 3, legend });
 * extraFragments; // → 2
 */
export function structure(
  made: ArrayLike<number>,
  truth: ArrayLike<number>,
  { height, width, legend }: MapOptions,
): Structure {
  const count = checkMaps("structure", made, truth, { height, width });
  const area = height * width;
  const mask = new Uint8Array(area);
  const ofClasses = legend.map(({ name, ignored }, label) => {
    const sums = { componentError: 0, extraFragments: 0, holeError: 0 };
    if (ignored) return { name, ...sums };
    for (let n = 0; n < count; n++) {
      const partsOf = (map: ArrayLike<number>) => {
        for (let i = 0; i < area; i++) {
          const at = n * area + i;
          mask[i] = map[at] === label && !legend[truth[at]!]?.ignored ? 1 : 0;
        }
        const size = { height, width };
        return { parts: components(mask, size).count, holes: holesIn(mask, size) };
      };
      const [mine, theirs] = [partsOf(made), partsOf(truth)];
      sums.componentError += Math.abs(mine.parts - theirs.parts) / count;
      sums.extraFragments += Math.max(0, mine.parts - theirs.parts) / count;
      sums.holeError += Math.abs(mine.holes - theirs.holes) / count;
    }
    return { name, ...sums };
  });
  const total = (which: "componentError" | "extraFragments" | "holeError"): number =>
    ofClasses.reduce((sum, one) => sum + one[which], 0);
  return {
    componentError: total("componentError"),
    extraFragments: total("extraFragments"),
    holeError: total("holeError"),
    ofClasses,
  };
}
