import type { Look } from "../../game/conclusion.js";
import type { ConditionalDefinition, NetworkDefinition } from "../../game/network.js";
import type { Random } from "../../shape/random.js";
import { sizeOf } from "../../shape/shape.js";
import { noiseOf, stagesOf, stylesOf } from "./networks.js";

/** A run that has ended, with styles. */
export type Ended = Look<
  {
    readonly M: NetworkDefinition;
    readonly W: NetworkDefinition;
    readonly S: ConditionalDefinition;
  },
  {
    readonly generator: string;
    readonly latent: number;
    readonly styles: number;
    readonly width: number;
    readonly widest: number;
    readonly truncated: number;
  }
>;

/** Numbers of activations that are held at a time, more or less. */
const room = 1 << 25;

/** Makes pictures of a run's networks. */
export interface Hand {
  /** Places where a style is told; 1 without styles. */
  readonly layers: number;
  /** Numbers in a style. */
  readonly n: number;
  /** From the coarsest layers to the finest, where each begins and ends. */
  readonly groups: Readonly<Record<"coarse" | "middle" | "fine", readonly [number, number]>>;
  /** Latents by chance, `[count latent]`. */
  latents(random: Random, count: number): Float32Array;
  /** Noise by chance, `[count noise]`. */
  noise(random: Random, count: number): Float32Array;
  /** `z [count latent] → w [count n]`. */
  mapped(latents: Float32Array): Promise<Float32Array>;
  /** `w [count n] → [count layers n]`. */
  everywhere(styles: Float32Array): Float32Array;
  /** Styles `[count layers n]` and noise → pictures `[count c h w]`. */
  pictured(codes: Float32Array, noise: Float32Array): Promise<Float32Array>;
}

/** What it takes to make pictures with the networks of a run that has ended. */
export function handOf({ hyper, data, compute }: Pick<Ended, "hyper" | "data" | "compute">): Hand {
  const stages = stagesOf(data.shape, hyper);
  const isStyled = hyper.generator === "style";
  const layers = isStyled ? stylesOf(stages) : 1;
  const n = isStyled ? hyper.styles : hyper.latent;
  const each = noiseOf(stages);
  const most = Math.max(1, Math.floor(room / (each * hyper.widest)));
  const normals = (random: Random, size: number): Float32Array =>
    Float32Array.from({ length: size }, () => random.normal());
  return {
    layers,
    n,
    groups: groupsOf(stages.length),
    latents: (random, count) => normals(random, count * hyper.latent),
    noise: (random, count) => normals(random, count * each),
    async mapped(latents) {
      const z = { shape: [latents.length / hyper.latent, hyper.latent], data: latents };
      const { w } = await compute(({ M }, inputs) => ({ w: M(inputs.z) }), { z });
      return w;
    },
    everywhere: (styles) =>
      Float32Array.from({ length: styles.length * layers }, (_, i) => {
        const item = Math.floor(i / (layers * n));
        return styles[item * n + (i % n)]!;
      }),
    async pictured(codes, noise) {
      const count = codes.length / (layers * n);
      const size = sizeOf(data.shape);
      const made = new Float32Array(count * size);
      for (let at = 0; at < count; at += most) {
        const k = Math.min(most, count - at);
        const part = (from: Float32Array, of: number) => from.slice(at * of, (at + k) * of);
        const { x } = await compute(({ S }, { w, y }) => ({ x: S(w, y) }), {
          w: { shape: [k, layers, n], data: part(codes, layers * n) },
          y: { shape: [k, each], data: part(noise, each) },
        });
        made.set(x, at * size);
      }
      return made;
    },
  };
}

/** Of nine sizes two are coarse and two in the middle, as in the paper's figure 3; of three one each. */
function groupsOf(sizes: number): Hand["groups"] {
  const some = Math.max(1, Math.round((sizes * 2) / 9));
  return {
    coarse: [0, 2 * some],
    middle: [2 * some, 4 * some],
    fine: [4 * some, 2 * sizes],
  };
}
