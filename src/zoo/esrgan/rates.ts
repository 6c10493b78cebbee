import { type Schedule, stepsFrom } from "../../nn/schedules.js";
import { clamp, cos, floor } from "../../tensor/operations.js";

/** Learning rates of both stages over the whole run, as in the authors' code. */
export function rates({
  psnrShare,
  psnrLr,
  lr,
}: {
  /** Of the rounds, in stage 1. */
  readonly psnrShare: number;
  readonly psnrLr: number;
  readonly lr: number;
}): { readonly psnr: Schedule; readonly adversarial: Schedule } {
  const after = (share: number): number => psnrShare + (1 - psnrShare) * share;
  return {
    psnr: restarting(psnrLr, { times: 4, until: psnrShare }),
    adversarial: stepsFrom(lr, {
      [after(1 / 8)]: lr / 2,
      [after(1 / 4)]: lr / 4,
      [after(1 / 2)]: lr / 8,
      [after(3 / 4)]: lr / 16,
    }),
  };
}

/** Half a cosine from `lr` to nearly nothing, so many times one after another. */
const restarting =
  (lr: number, { times, until }: { readonly times: number; readonly until: number }): Schedule =>
  (progress) => {
    const passed = clamp(progress.times(times / until), 0, times - 1e-6);
    const share = passed.minus(floor(passed));
    return cos(share.times(Math.PI))
      .plus(1)
      .times((lr - least) / 2)
      .plus(least);
  };

/** Where each cosine ends. */
const least = 1e-7;
