import { basename } from "node:path";
import { type Classifier, classifierRecipe, openClassifier } from "../../metrics/classifier.js";
import { type Features, randomFeatures } from "../../metrics/features.js";
import { onnxFeatures } from "../../metrics/features-onnx.js";
import type { ResizeFilter } from "../../metrics/features-resize.js";
import type { PixelRange } from "../../metrics/features-socket.js";
import { pixelFeatures } from "../../metrics/pixels.js";
import { toldBy } from "../../run/sampler.js";
import { ConfigurationError } from "../../shape/error.js";
import { readModel } from "../generator.js";
import type { Reader } from "../reader.js";
import { classifierOf } from "./classifier.js";
import type { Progress } from "./progress.js";
import type { Sets } from "./sets.js";

const words = ["classifier", "pixels", "random-conv"] as const;

/** A small network learns little of more classes, such as the thousand of stacked digits. */
const mostClasses = 100;

/** How a user's network is to be used. */
export interface NetworkWishes {
  readonly output: string | undefined;
  readonly filter: ResizeFilter | undefined;
  readonly range: PixelRange | undefined;
  readonly threads: number;
}

/** Features, the classifier that they may come from, and where it is kept. */
export interface Chosen {
  readonly features: Features;
  readonly classifier: Classifier | undefined;
  readonly file: string | undefined;
}

/** What `--features` says: a word or an ONNX file. */
export function readFeatures(reader: Reader): string | undefined {
  const text = reader.text("features");
  if (text === undefined || text.endsWith(".onnx") || words.some((word) => word === text)) {
    return text;
  }
  if (/^(inception|fid|is\d|clean-?fid)/i.test(text)) {
    reader.problem("--features", "Belamy has no Inception-v3; give yours with --inception FILE");
  } else {
    const expected = `${words.join(", ")} or a file ending in .onnx`;
    reader.problem("--features", `expected ${expected}, received ${text}`);
  }
  return undefined;
}

/** Opens the features that were asked for; a classifier of the data where they have some classes. */
export async function chooseFeatures(
  wanted: string | undefined,
  sets: Sets,
  { network, progress }: { readonly network: NetworkWishes; readonly progress: Progress },
): Promise<Chosen> {
  const { shape, name, classes } = sets.train;
  const alone = (features: Features): Chosen => ({
    features,
    classifier: undefined,
    file: undefined,
  });
  if (wanted?.endsWith(".onnx")) return await fromFile(wanted, sets, network);
  if (wanted === "pixels") return alone(pixelFeatures(shape));
  const learnable = classes.length > 1;
  if (wanted === "classifier" && !learnable) {
    throw new ConfigurationError({
      op: "--features",
      why: `${name} has no classes for a classifier to learn`,
      hint: "choose random-conv, pixels or an ONNX network",
    });
  }
  const usual = learnable && classes.length <= mostClasses ? "classifier" : "random-conv";
  if ((wanted ?? usual) === "random-conv") return alone(await randomFeatures(shape));
  const { classifier, file } = await classifierOf(sets, progress);
  return { features: classifier, classifier, file };
}

async function fromFile(
  file: string,
  { train: { shape } }: Sets,
  { output, filter, range, threads }: NetworkWishes,
): Promise<Chosen> {
  const model = readModel(file, { hint: "" });
  if (toldBy(model).format === classifierRecipe) {
    const classifier = await openClassifier(model, { file, shape });
    return { features: classifier, classifier, file };
  }
  const found = await onnxFeatures(model, {
    shape,
    name: file,
    threads,
    ...(output === undefined ? {} : { output }),
    ...(filter === undefined ? {} : { filter }),
    ...(range === undefined ? {} : { range }),
  });
  const name = `${basename(file, ".onnx")}-${found.size}`;
  return { features: { ...found, name }, classifier: undefined, file: undefined };
}
