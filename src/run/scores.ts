import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Score } from "../metrics/judge.js";
import { writeWhole } from "./write.js";

/** What `belamy evaluate` found once, and by which protocol. */
export interface Evaluation {
  /** The run's folder or the generator's file. */
  readonly generator: string;
  /** SHA-256 of the generator as ONNX. */
  readonly hash: string;
  readonly round: number | undefined;
  readonly samples: number;
  readonly seed: number;
  /** What samples were held against. */
  readonly against: {
    readonly name: string;
    readonly count: number;
    readonly fingerprint: string;
  };
  /** What pictures were compared by: the whole SHA-256 of the network, empty where there is none. */
  readonly features?: { readonly name: string; readonly hash: string };
  readonly scores: readonly Score[];
  /** Shares of samples by class, where a classifier told them. */
  readonly classes?: Readonly<Record<string, number>>;
  readonly version: string;
}

const fileName = "scores.json";

/** Adds to a run's `scores.json`, the newest last; the same protocol again replaces what it found. */
export function keepScores(folder: string, found: Evaluation): string {
  const before = readScores(folder).filter((other) => protocolOf(other) !== protocolOf(found));
  const text = `${JSON.stringify([...before, found], undefined, 2)}\n`;
  const path = join(folder, fileName);
  writeWhole(path, [new TextEncoder().encode(text)]);
  return path;
}

/** What was found of a run so far. */
export function readScores(folder: string): readonly Evaluation[] {
  try {
    return JSON.parse(readFileSync(join(folder, fileName), "utf8")) as Evaluation[]; // written above
  } catch {
    return [];
  }
}

/** Everything but what was found. */
const protocolOf = ({ hash, samples, seed, against, scores }: Evaluation): string =>
  JSON.stringify([
    hash,
    samples,
    seed,
    against,
    scores.map(({ name, protocol }) => [name, protocol]),
  ]);
