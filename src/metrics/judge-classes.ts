import { evenPlaces } from "../shape/items.js";
import type { Classifier } from "./classifier.js";
import { type Items, rowsOf, told } from "./features.js";
import type { Score } from "./judge.js";

/** How many of some samples a classifier takes for each class. */
export interface ClassShares {
  /** What the classes are called. */
  readonly classes: readonly string[];
  /** From 0 to 1, one for each class. */
  readonly shares: readonly number[];
}

/** A class with less than this part of the share that it has in the data is not covered. */
const least = 0.1;

/**
 * Shares of classes among samples `[n c h w]`, as a classifier tells them.
 *
 * @example
 * const few = data.shapes({ count: 40, size: 8 });
 * const { shares } = await classShares(few, await trainClassifier(few, { moves: 2 }));
 * shares.length; // → 8
 */
export async function classShares(samples: Items, classifier: Classifier): Promise<ClassShares> {
  const { classes } = classifier;
  const counts = classes.map(() => 0);
  const places = evenPlaces(samples.count, samples.count);
  for (const label of await labelsOf(samples, { classifier, places })) counts[label]!++;
  return { classes, shares: counts.map((n) => n / Math.max(1, samples.count)) };
}

/** The class that a classifier gives each of some items. */
export async function labelsOf(
  samples: Items,
  { classifier, places }: { readonly classifier: Classifier; readonly places: readonly number[] },
): Promise<Int32Array> {
  const one = { size: 1, extract: async (items: Float32Array) => asRows(classifier, items) };
  return Int32Array.from(await rowsOf(one, samples, { places }));
}

const asRows = async (classifier: Classifier, items: Float32Array): Promise<Float32Array> =>
  Float32Array.from(await classifier.classify(items));

/**
 * Classes covered, and how far their shares are from those of the data: KL divergence in nats. One
 * stray sample covers no class: it takes a tenth of the share that the class has in the data.
 *
 * @example
 * const few = data.shapes({ count: 40, size: 8 });
 * const classifier = await trainClassifier(few, { moves: 2 });
 * const found = { classes: few.classes, shares: few.classes.map(() => 1 / 8) };
 * const [covered] = classScores(found, { classifier, count: 40, labels: undefined });
 * covered?.value; // → 8
 */
export function classScores(
  { shares }: ClassShares,
  {
    classifier,
    count,
    labels,
  }: {
    /** Who told the shares. */
    readonly classifier: Classifier;
    /** How many samples there were. */
    readonly count: number;
    /** Of the data; classes are equally likely when left out. */
    readonly labels: ArrayLike<number> | undefined;
  },
): readonly Score[] {
  const wanted = sharesOf(labels, shares.length);
  const covered = shares.filter((share, k) => wanted[k]! > 0 && share >= least * wanted[k]!).length;
  const there = wanted.filter((share) => share > 0).length;
  const kl = shares.reduce(
    (sum, share, k) => (share === 0 ? sum : sum + share * Math.log(share / wanted[k]!)),
    0,
  );
  const judge = `${count} samples, their classes told by ${told(classifier)}`;
  const beside = labels === undefined ? "equal shares" : "the data's";
  const protocol = `${judge}; a class counts from a tenth of its share in the data, KL divergence of shares from ${beside}, in nats`;
  return [
    {
      name: `classes-of-${there}`,
      value: covered,
      better: "higher",
      protocol,
    },
    {
      name: "class-kl",
      value: kl,
      better: "lower",
      protocol,
    },
  ];
}

function sharesOf(labels: ArrayLike<number> | undefined, classes: number): number[] {
  if (labels === undefined) return new Array<number>(classes).fill(1 / classes);
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  return counts.map((n) => n / labels.length);
}
