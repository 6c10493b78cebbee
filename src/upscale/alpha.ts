import type { Numbers } from "./texture-read.js";

/**
 * What a picture's alpha is: `opaque` has none, `clear` shows nothing, `states` are two or three
 * values such as holes and masks have, `smooth` has more.
 */
export type AlphaKind = "opaque" | "clear" | "states" | "smooth";

/** Values that are told apart as states; more are smooth. */
const mostStates = 3;

export interface AlphaFacts {
  readonly kind: AlphaKind;
  /** Every value that there is, in order; of smooth alpha none. */
  readonly states: readonly number[];
}

/** What the alpha `[h w]` of a picture is. */
export function alphaFacts(alpha: Numbers | undefined): AlphaFacts {
  if (alpha === undefined) return { kind: "opaque", states: [] };
  const seen = new Set<number>();
  for (const value of alpha) {
    seen.add(value);
    if (seen.size > mostStates) return { kind: "smooth", states: [] };
  }
  const states = [...seen].sort((a, b) => a - b);
  return { kind: states.length === 1 && states[0] === 0 ? "clear" : "states", states };
}

/** Alpha as layers that may each be made larger by itself: `[h w layers]`. */
export interface AlphaLayers {
  readonly data: Numbers;
  readonly layers: number;
  /** What stands for all of a layer. */
  readonly most: number;
}

/**
 * Smooth alpha is one layer. Of states there is one for where each of them is, so that between none
 * and all no third one comes in; of two, one layer says it for both.
 */
export function alphaLayers(
  alpha: Numbers,
  { states, most }: Pick<AlphaFacts, "states"> & { readonly most: number },
): AlphaLayers {
  if (states.length === 0) return { data: alpha, layers: 1, most };
  const layers = states.length < 3 ? 1 : states.length;
  const data = new Uint8Array(alpha.length * layers);
  for (let i = 0; i < alpha.length; i++) {
    if (layers > 1) data[i * layers + states.indexOf(alpha[i]!)] = 255;
    else if (alpha[i] === states.at(-1)) data[i] = 255;
  }
  return { data, layers, most: 255 };
}

/** A row of layers, 0 to 1, as alpha: of states the one there is most of. */
export function alphaRow(
  row: Float32Array,
  {
    states,
    most,
    out,
  }: Pick<AlphaFacts, "states"> & { readonly most: number; readonly out: Numbers },
): void {
  for (let x = 0; x < out.length; x++) {
    if (states.length === 0) out[x] = Math.round(Math.max(0, Math.min(1, row[x]!)) * most);
    else if (states.length < 3) out[x] = row[x]! >= 0.5 ? states.at(-1)! : states[0]!;
    else {
      let best = 0;
      for (let k = 1; k < states.length; k++) {
        if (row[x * states.length + k]! > row[x * states.length + best]!) best = k;
      }
      out[x] = states[best]!;
    }
  }
}
