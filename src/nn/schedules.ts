import { clamp, cos } from "../tensor/operations.js";
import type { Tensor } from "../tensor/tensor.js";

/** A quantity that changes during a run: from progress, a scalar from 0 to 1, to its value. */
export type Schedule = (progress: Tensor) => Tensor;

/** A number that stays, or a schedule. */
export type Scheduled = number | Schedule;

interface Span {
  readonly from: number;
  readonly to: number;
  /** Progress at which `to` is reached; it stays there afterwards. */
  readonly until?: number;
}

const within = (progress: Tensor, until: number): Tensor => clamp(progress.times(1 / until), 0, 1);

/** A straight line between two values. */
export const linearFrom =
  ({ from, to, until = 1 }: Span): Schedule =>
  (progress) =>
    within(progress, until)
      .times(to - from)
      .plus(from);

/** Half a cosine between two values: slow, fast, slow. */
export const cosineFrom =
  ({ from, to, until = 1 }: Span): Schedule =>
  (progress) =>
    cos(within(progress, until).times(Math.PI))
      .times((from - to) / 2)
      .plus((from + to) / 2);

/** The value now: a number stays a number. */
export const at = (scheduled: Scheduled, progress: Tensor): Tensor | number =>
  typeof scheduled === "number" ? scheduled : scheduled(progress);
