import { resize } from "../tensor/pictures.js";
import { fromFunction, type Layer } from "./layer.js";

/**
 * Twice the size by bilinear interpolation: `[b c h w] → [b c 2h 2w]`.
 * @example network([16, 4, 4], upsample()).built.output; // → [16,8,8]
 */
export const upsample = (): Layer =>
  fromFunction(
    (x) => resize(x, [x.shape[2]! * 2, x.shape[3]! * 2], { filter: "bilinear" }),
    "upsample ×2",
  );
