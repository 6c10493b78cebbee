import { clamp, floor } from "../../tensor/operations.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Pictures of −1 … 1 as the networks see them, 0 … 1. */
export const unit = (x: Tensor): Tensor => x.times(0.5).plus(0.5);

/** Pictures of 0 … 1 as they are given out, −1 … 1. */
export const signed = (x: Tensor): Tensor => x.times(2).minus(1);

/** Numbers of 0 … 1 as they are after having been stored in bytes. */
export const stored = (x: Tensor): Tensor =>
  floor(clamp(x, 0, 1).times(255).plus(0.5)).times(1 / 255);
