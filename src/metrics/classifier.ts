import { ConfigurationError, DataError } from "../shape/error.js";
import { evenPlaces } from "../shape/items.js";
import { formatShape, type Shape, sameShape } from "../shape/shape.js";
import { classifierLayers, classifierModel, featureCount } from "./classifier-network.js";
import { type Labelled, learn } from "./classifier-training.js";
import { type Features, type Items, rowsOf } from "./features.js";
import { PictureNetwork } from "./features-network.js";

/** A data set whose classes can be learned; `Dataset` is one, where it has labels. */
export interface ClassifiedData extends Items {
  /** Part of the name of the features. */
  readonly name: string;
  /** The class of each picture, from 0. */
  readonly labels: Int32Array | undefined;
  /** What the classes are called. */
  readonly classes: readonly string[];
  /** Told in the classifier's file. */
  readonly fingerprint: string;
}

/** How a classifier is trained; everything has a default. */
export interface ClassifierOptions {
  /** Pictures that are not learned from, for its accuracy; a tenth of the others when left out. */
  readonly test?: ClassifiedData | undefined;
  /** Of weights, order and shifts. */
  readonly seed?: number;
  /** Batches of 128 pictures to learn from: 30 epochs, from 50 to 1,200, when left out. */
  readonly moves?: number;
  /** Told after every batch. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A small network that tells classes apart, and what it thinks of a picture before it decides. */
export interface Classifier extends Features {
  /** One picture: `[c h w]`. */
  readonly shape: Shape;
  /** What the classes are called. */
  readonly classes: readonly string[];
  /** Share of pictures that it did not learn from whose class it tells. */
  readonly accuracy: number;
  /** How many those were, and of what. */
  readonly tested: string;
  /** The fingerprint of the data that it learned from. */
  readonly data: string;
  /** The ONNX file, which `openClassifier` opens again. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** The likeliest class of each picture from −1 to 1: `[n c h w] → [n]`. */
  classify(items: Float32Array): Promise<Int32Array>;
  /** What it says of each class before a softmax: `[n c h w] → [n classes]`. */
  logits(items: Float32Array): Promise<Float32Array>;
}

/** Says in a cached file's name how it was made; raised when that changes. */
export const classifierRecipe = "belamy classifier 1";
const batch = 128;

const usualMoves = (count: number): number =>
  Math.min(1200, Math.max(50, Math.ceil((30 * count) / batch)));

/**
 * Trains a convolutional classifier on labelled pictures: 99.4 % of MNIST's test pictures, in
 * about two minutes of one core. Deterministic: the same data and seed give the same file.
 *
 * @throws {ConfigurationError} when the data have fewer than two classes
 *
 * @example
 * const few = data.shapes({ count: 40, size: 8 });
 * const classifier = await trainClassifier(few, { moves: 2 });
 * classifier.tested; // → "4 pictures held back"
 */
export async function trainClassifier(
  data: ClassifiedData,
  { test, seed = 0, moves = usualMoves(data.count), onProgress }: ClassifierOptions = {},
): Promise<Classifier> {
  const labelled = withLabels(data);
  const { learned, held, tested } = splitBy(labelled, data, test);
  const layers = classifierLayers(data.shape, data.classes.length);
  const [, h, w] = data.shape as readonly [number, number, number]; // pictures have three axes
  const weights = await learn(learned, {
    layers,
    seed,
    moves,
    batch,
    shift: Math.max(1, Math.round(Math.min(h, w) / 14)),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const told = {
    format: classifierRecipe,
    name: data.name,
    shape: JSON.stringify(data.shape),
    classes: JSON.stringify(data.classes),
    data: data.fingerprint,
    seed: String(seed),
    moves: String(moves),
    range: "signed",
    tested,
  };
  const draft = await openClassifier(classifierModel(layers, { weights, metadata: told }));
  const accuracy = await accuracyOf(draft, held);
  await draft.release();
  const metadata = { ...told, accuracy: String(accuracy) };
  return await openClassifier(classifierModel(layers, { weights, metadata }));
}

/**
 * Opens a classifier that `trainClassifier` has made, from the bytes of its file.
 *
 * @throws {DataError} when the file is no such classifier, or one for pictures of another shape
 *
 * @example
 * const few = data.shapes({ count: 40, size: 8 });
 * const { model, hash } = await trainClassifier(few, { moves: 2 });
 * (await openClassifier(model)).hash === hash; // → true
 */
export async function openClassifier(
  model: Uint8Array<ArrayBuffer>,
  {
    file = "classifier",
    shape: wanted,
  }: {
    /** What errors call it. */
    readonly file?: string;
    /** The pictures that it should be for: `[c h w]`. */
    readonly shape?: Shape;
  } = {},
): Promise<Classifier> {
  const metadata = PictureNetwork.metadataOf(model, file);
  if (metadata.format !== classifierRecipe) {
    throw new DataError({ op: file, why: "is no classifier that Belamy trained" });
  }
  const read = <T>(key: string): T => JSON.parse(metadata[key] ?? "null") as T; // we wrote it
  const shape = read<Shape>("shape");
  if (wanted !== undefined && !sameShape(shape, wanted)) {
    const why = `tells pictures of ${formatShape(shape)} apart, not of ${formatShape(wanted)}`;
    throw new DataError({ op: file, why });
  }
  const classes = read<readonly string[]>("classes");
  const network = await PictureNetwork.open(model, { shape, name: file });
  const run = async (items: Float32Array, output: string): Promise<Float32Array> =>
    (await network.run(items, [output]))[output]!;
  const logits = (items: Float32Array): Promise<Float32Array> => run(items, "logits");
  const tested = metadata.tested ?? "";
  const accuracy = Number(metadata.accuracy ?? Number.NaN);
  return {
    name: `${metadata.name}-classifier-${featureCount}`,
    hash: network.hash,
    size: featureCount,
    about: `${percent(accuracy)} right on ${tested}`,
    shape,
    classes,
    accuracy,
    tested,
    data: metadata.data ?? "",
    model,
    extract: (items) => run(items, "features"),
    logits,
    classify: async (items) => likeliest(await logits(items), classes.length),
    release: () => network.release(),
  };
}

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

function likeliest(logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, i) => {
    let best = 0;
    for (let k = 1; k < classes; k++) {
      if (logits[i * classes + k]! > logits[i * classes + best]!) best = k;
    }
    return best;
  });
}

function withLabels(data: ClassifiedData): Labelled {
  const { labels, classes, name } = data;
  if (labels === undefined || classes.length < 2) {
    const hint = "choose other features, such as random-conv";
    throw new ConfigurationError({ op: name, why: "has no classes to learn", hint });
  }
  return { ...data, labels };
}

interface Split {
  readonly learned: Labelled;
  readonly held: Labelled;
  readonly tested: string;
}

/** What is learned from and what is held back. */
function splitBy(
  labelled: Labelled,
  data: ClassifiedData,
  test: ClassifiedData | undefined,
): Split {
  const sameClasses = test?.classes.join("\n") === data.classes.join("\n");
  if (test?.labels !== undefined && sameClasses) {
    const held = { ...test, labels: test.labels };
    return { learned: labelled, held, tested: `${test.count} test pictures` };
  }
  const places = new Set(evenPlaces(data.count, Math.max(1, Math.floor(data.count / 10))));
  const part = (keep: (place: number) => boolean): Labelled => {
    const chosen = Array.from({ length: data.count }, (_, i) => i).filter(keep);
    return { ...labelled, count: chosen.length, places: chosen };
  };
  const held = part((place) => places.has(place));
  const learned = part((place) => !places.has(place));
  return { learned, held, tested: `${held.count} pictures held back` };
}

async function accuracyOf(classifier: Classifier, held: Labelled): Promise<number> {
  const { classes } = classifier;
  const every = Array.from({ length: held.count }, (_, i) => held.places?.[i] ?? i);
  const logits = { size: classes.length, extract: classifier.logits };
  const said = likeliest(await rowsOf(logits, held, { places: every }), classes.length);
  return said.filter((label, i) => label === held.labels[every[i]!]).length / held.count;
}
