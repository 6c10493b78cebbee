import { batchNorm } from "../../nn/batch-norm.js";
import { gaussianNoise } from "../../nn/gaussian-noise.js";
import { normalWith } from "../../nn/initializers.js";
import { chain, type Layer, type Step } from "../../nn/layer.js";
import { linear, unflatten } from "../../nn/linear.js";
import { minibatchDiscrimination } from "../../nn/minibatch.js";
import { virtualBatchNorm } from "../../nn/virtual-batch-norm.js";
import { weightNorm } from "../../nn/weight-norm.js";
import { type Shape, sizeOf } from "../../shape/shape.js";
import { flatten, leakyRelu, relu, softplus, tanh } from "../../tensor/operations.js";

/** What each of G's hidden layers is normalized by. */
export type Norm = "none" | "batch" | "virtual";

const normOf = (norm: Norm, reference: number): readonly Step[] => {
  if (norm === "none") return [];
  return norm === "batch" ? [batchNorm()] : [virtualBatchNorm(reference)];
};

interface Sizes {
  readonly units: number;
  readonly shape: Shape;
}

/** G for points: two hidden layers. */
export function makesPoints(
  { units, shape }: Sizes,
  { norm, reference }: { readonly norm: Norm; readonly reference: number },
): Layer {
  const hidden = (): Step[] => [linear(units), ...normOf(norm, reference), relu];
  return chain(...hidden(), ...hidden(), linear(sizeOf(shape)));
}

/** G for pictures: two hidden layers of softplus units, as in the authors' MNIST code. */
export function makesPictures(
  { units, shape }: Sizes,
  { norm, reference }: { readonly norm: Norm; readonly reference: number },
): Layer {
  const initial = normalWith(0.05);
  const hidden = (): Step[] => [linear(units, { initial }), ...normOf(norm, reference), softplus];
  const last = weightNorm(linear(sizeOf(shape), { initial }));
  return chain(...hidden(), ...hidden(), last, tanh, unflatten(...shape));
}

/** What D sees of points, and of how near they are to each other. */
export const seesPoints = ({ units }: Sizes, features: number): Layer =>
  chain(linear(units), leakyRelu, linear(units), leakyRelu, ...among(features));

/** What D sees of pictures: five hidden layers with noise between them; the authors' MNIST code. */
export function seesPictures({ units }: Sizes, features: number): Layer {
  const hidden = (share: number): Step[] => {
    const initial = normalWith(0.1);
    return [weightNorm(linear(Math.max(1, Math.round(units * share)), { initial })), relu];
  };
  const between = (): Layer => gaussianNoise(0.5);
  // biome-ignore format: a table, kept as one
  return chain(
    flatten, gaussianNoise(0.3), ...hidden(2), between(), ...hidden(1), between(),
    ...hidden(0.5), between(), ...hidden(0.5), between(), ...hidden(0.5), ...among(features),
  );
}

const among = (features: number): readonly Step[] =>
  features === 0 ? [] : [minibatchDiscrimination(features, { fitted: true })];
