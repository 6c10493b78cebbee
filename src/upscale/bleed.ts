import { within } from "./kernels.js";
import type { GamePicture, Numbers } from "./texture-read.js";

/** Which sides of a picture go on at the other end. */
export interface Wraps {
  readonly x: boolean;
  readonly y: boolean;
}

/**
 * Colours `[h w c]` with those of what is transparent replaced: ring by ring outwards, each the mean
 * of its neighbours that are known, visible ones as much as they are opaque. Otherwise whatever a
 * program left there would come back as a rim.
 */
export function bled(
  picture: Pick<GamePicture, "width" | "height" | "channels" | "color" | "alpha">,
  wraps: Wraps,
): Numbers {
  const { alpha, channels } = picture;
  if (alpha === undefined || alpha.every((value) => value > 0)) return picture.color;
  const color = picture.color.slice();
  // 0 for unknown, 1 for waiting in the ring, 2 for known.
  const state = new Uint8Array(alpha.length);
  for (let i = 0; i < alpha.length; i++) if (alpha[i]! > 0) state[i] = 2;
  const neighbours = neighboursIn(picture, wraps);
  const near = new Int32Array(8);
  let ring: number[] = [];
  for (let i = 0; i < alpha.length; i++) {
    if (state[i] !== 0) continue;
    const count = neighbours(i, near);
    for (let k = 0; k < count; k++) {
      if (state[near[k]!] !== 2) continue;
      state[i] = 1;
      ring.push(i);
      break;
    }
  }
  const sums = new Float64Array(channels);
  while (ring.length > 0) {
    for (const i of ring) {
      const count = neighbours(i, near);
      let weight = 0;
      sums.fill(0);
      for (let k = 0; k < count; k++) {
        const at = near[k]!;
        if (state[at] !== 2) continue;
        const share = alpha[at]! || 255;
        weight += share;
        for (let c = 0; c < channels; c++) sums[c]! += share * color[at * channels + c]!;
      }
      for (let c = 0; c < channels; c++) color[i * channels + c] = Math.round(sums[c]! / weight);
    }
    for (const i of ring) state[i] = 2;
    const next: number[] = [];
    for (const i of ring) {
      const count = neighbours(i, near);
      for (let k = 0; k < count; k++) {
        if (state[near[k]!] !== 0) continue;
        state[near[k]!] = 1;
        next.push(near[k]!);
      }
    }
    ring = next;
  }
  return color;
}

/** Writes the places around one into `out` and says how many there are. */
function neighboursIn(
  { width, height }: Pick<GamePicture, "width" | "height">,
  wraps: Wraps,
): (place: number, out: Int32Array) => number {
  return (place, out) => {
    const x = place % width;
    const y = (place - x) / width;
    let count = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        if (dx === 0 && dy === 0) continue;
        const isOutside = {
          x: x + dx < 0 || x + dx >= width,
          y: y + dy < 0 || y + dy >= height,
        };
        if ((isOutside.x && !wraps.x) || (isOutside.y && !wraps.y)) continue;
        out[count++] = within(y + dy, height, true) * width + within(x + dx, width, true);
      }
    }
    return count;
  };
}
