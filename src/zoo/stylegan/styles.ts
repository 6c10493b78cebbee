import { broadcast, floor, less, reshape, select, slice } from "../../tensor/operations.js";
import { constant, type Tensor } from "../../tensor/tensor.js";

/** The same style for every layer: `[b n] → [b layers n]`. */
export function everywhere(w: Tensor, layers: number): Tensor {
  const [b, n] = w.shape as readonly [number, number]; // a style
  return broadcast(reshape(w, [b, 1, n]), [b, layers, n]);
}

/** 1 for the layers below a crossover, 0 for the others: `[b 1] → [b layers 1]`. */
function below(crossover: Tensor, layers: number): Tensor {
  const numbers = Float32Array.from({ length: layers }, (_, i) => i);
  return less(
    constant(numbers, { shape: [1, layers, 1] }),
    reshape(crossover, [crossover.shape[0]!, 1, 1]),
  );
}

/**
 * Styles of one picture up to a crossover and those of another one from there on: `[b n], [b n],
 * cut [b 2] → [b layers n]`. With a probability there is one, and it is any of the layers but the
 * first.
 */
export function mixed(
  [w, other]: readonly [Tensor, Tensor],
  cut: Tensor,
  { layers, mixing }: { readonly layers: number; readonly mixing: number },
): Tensor {
  const number = (i: number): Tensor => slice(cut, [undefined, { start: i, end: i + 1 }]);
  const place = floor(number(1).times(layers - 1)).plus(1);
  const crossover = select(less(number(0), mixing), place, layers);
  return select(below(crossover, layers), everywhere(w, layers), everywhere(other, layers));
}

/**
 * Styles drawn towards the mean one, `w̄ + ψ (w − w̄)`, in the first layers: `[b n], [b n] →
 * [b layers n]`.
 */
export function truncated(
  w: Tensor,
  middle: Tensor,
  { psi, layers, most }: { readonly psi: number; readonly layers: number; readonly most: number },
): Tensor {
  const near = everywhere(middle.plus(w.minus(middle).times(psi)), layers);
  if (most >= layers) return near;
  const last = constant([most], { shape: [1, 1] });
  return select(below(last, layers), near, everywhere(w, layers));
}
