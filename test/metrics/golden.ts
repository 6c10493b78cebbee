import { readFileSync } from "node:fs";

interface Pair {
  readonly size: number;
  readonly real: readonly number[];
  readonly fake: readonly number[];
}

interface Golden {
  readonly frechet: readonly (Pair & { readonly frechet: number })[];
  readonly kid: Pair & {
    readonly all: number;
    readonly subsets: readonly {
      readonly real: readonly number[];
      readonly fake: readonly number[];
      readonly mmd: number;
    }[];
  };
  readonly prdc: Pair & {
    readonly at: readonly {
      readonly k: number;
      readonly precision: number;
      readonly recall: number;
      readonly density: number;
      readonly coverage: number;
    }[];
    readonly nearest: {
      readonly indices: readonly number[];
      readonly distances: readonly number[];
    };
  };
  readonly inception: {
    readonly probabilities: readonly number[];
    readonly mean: number;
    readonly deviation: number;
  };
  readonly stacked: {
    readonly labels: readonly number[];
    readonly covered: number;
    readonly kl: number;
  };
}

/** What SciPy and scikit-learn say; test/golden/metrics.py wrote it. */
export const golden = JSON.parse(
  readFileSync(new URL("../golden/metrics.json", import.meta.url), "utf8"),
) as Golden; // the script writes these

/** Features are kept as whole numbers of 1/1024. */
export const rowsOf = (whole: readonly number[]): Float32Array =>
  Float32Array.from(whole, (v) => v / 1024);
