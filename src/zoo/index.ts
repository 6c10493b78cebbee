import type { System } from "../game/system.js";
import { acgan } from "./acgan.js";
import { adversarialSegmentation } from "./adversarial-segmentation.js";
import { adversarialSvm } from "./adversarial-svm.js";
import { artDcgan } from "./art-dcgan.js";
import { artificialCuriosity } from "./artificial-curiosity.js";
import { creativityMachine } from "./creativity-machine.js";
import { dcgan } from "./dcgan.js";
import { enhancenet } from "./enhancenet.js";
import { esrgan } from "./esrgan.js";
import { galaxygan } from "./galaxygan.js";
import { gan } from "./gan.js";
import { improvedGan } from "./improved-gan.js";
import { interrogator } from "./interrogator.js";
import { lsgan } from "./lsgan.js";
import { missingData } from "./missing-data.js";
import { pix2pix } from "./pix2pix.js";
import { predictabilityMinimization } from "./predictability-minimization.js";
import { projectionGan } from "./projection-gan.js";
import { r3gan } from "./r3gan.js";
import { semilinearPm } from "./semilinear-pm.js";
import { sngan } from "./sngan.js";
import { stylegan } from "./stylegan.js";
import { objects, swarm } from "./turing-learning.js";
import { wganGp } from "./wgan-gp.js";

/**
 * Every system, by its name.
 *
 * @example
 * const { cite, hyper } = zoo.r3gan;
 * [cite.year, hyper.gamma.about]; // → [2024,"weight of the gradient penalties at the start"]
 */
export const zoo = {
  gan,
  dcgan,
  lsgan,
  "wgan-gp": wganGp,
  sngan,
  r3gan,
  acgan,
  "improved-gan": improvedGan,
  "projection-gan": projectionGan,
  "art-dcgan": artDcgan,
  "artificial-curiosity": artificialCuriosity,
  "adversarial-svm": adversarialSvm,
  "adversarial-segmentation": adversarialSegmentation,
  "creativity-machine": creativityMachine,
  enhancenet,
  galaxygan,
  esrgan,
  "missing-data": missingData,
  pix2pix,
  "predictability-minimization": predictabilityMinimization,
  "semilinear-pm": semilinearPm,
  stylegan,
  "turing-learning": swarm,
  "turing-learning-objects": objects,
  interrogator,
} as const satisfies Readonly<Record<string, System>>;
