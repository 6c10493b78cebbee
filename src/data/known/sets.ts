/** A file of a well-known set, as its home gives it out. */
export interface KnownFile {
  readonly name: string;
  /** Only what is asked for is downloaded. */
  readonly split: "train" | "test" | "both";
  readonly bytes: number;
  /** As published by the authors and checked by torchvision. */
  readonly md5: string;
}

/** A public data set that has a name, and where it lives. */
export interface KnownSet {
  /** Addresses that file names are added to, tried in this order. */
  readonly homes: readonly string[];
  readonly files: readonly KnownFile[];
  /** What its files do not say. */
  readonly classes?: readonly string[];
}

const idx = (
  sums: readonly [string, string, string, string],
  bytes: readonly [number, number, number, number],
): readonly KnownFile[] =>
  [
    ["train-images-idx3-ubyte.gz", "train"] as const,
    ["train-labels-idx1-ubyte.gz", "train"] as const,
    ["t10k-images-idx3-ubyte.gz", "test"] as const,
    ["t10k-labels-idx1-ubyte.gz", "test"] as const,
  ].map(([name, split], i) => ({ name, split, bytes: bytes[i]!, md5: sums[i]! }));

const sets = {
  mnist: {
    homes: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    files: idx(
      [
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3",
        "ec29112dd5afa0611ce80d1b7f02629c",
      ],
      [9_912_422, 28_881, 1_648_877, 4_542],
    ),
  },
  "fashion-mnist": {
    homes: [
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ],
    files: idx(
      [
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
      ],
      [26_421_880, 29_515, 4_422_102, 5_148],
    ),
    classes: [
      "T-shirt/top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
  },
  cifar10: {
    homes: ["https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"],
    files: [
      {
        name: "cifar-10-binary.tar.gz",
        split: "both",
        bytes: 170_052_171,
        md5: "c32a1d4ab5d03f1284b67883e8d87530",
      },
    ],
  },
} as const satisfies Readonly<Record<string, KnownSet>>;

export type KnownName = keyof typeof sets;

/** The sets that are downloaded when they are asked for by name. */
export const knownSets: Readonly<Record<KnownName, KnownSet>> = sets;

// Object.keys forgets that the keys are the table's own.
export const knownNames = Object.keys(sets) as readonly KnownName[];

/** Whether a word names a well-known set. */
export const isKnown = (name: string): name is KnownName => Object.hasOwn(sets, name);
