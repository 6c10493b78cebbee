import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, platform } from "node:os";
import type { Dataset } from "../data/dataset.js";
import type { GivenDescription } from "../game/draws.js";
import type { Budget } from "../game/pace.js";
import type { Citation, Departure, System, Values } from "../game/system.js";
import type { Column } from "../shape/column.js";
import type { Legend } from "../shape/legend.js";
import type { Shape } from "../shape/shape.js";
import { descriptionOf } from "./asked.js";
import type { BranchRecord } from "./branch.js";
import type { FeaturesRecord } from "./features.js";

/** `run.json`: what was played, on what, with what, and how to do it again. */
export interface RunRecord {
  readonly system: string;
  readonly cite: Citation;
  readonly equations: readonly string[];
  readonly departs: readonly Departure[];
  readonly hyper: Readonly<Record<string, RecordedHyper>>;
  readonly data: {
    readonly name: string;
    readonly kind: Dataset["kind"];
    readonly shape: Shape;
    readonly count: number;
    readonly classes: number;
    readonly fingerprint: string;
    /** Of a table. */
    readonly columns?: readonly Column[];
    /** Of maps. */
    readonly legend?: Legend;
    /** Of the pictures that belong to the items, where there are any. */
    readonly given?: GivenDescription;
  };
  readonly seed: number;
  readonly budget: Budget;
  readonly device: string;
  readonly replicas: number;
  /** Threads in each replica; part of what decides the last bits. */
  readonly threads: number;
  readonly versions: {
    readonly belamy: string;
    readonly onnxruntime: string;
    readonly node: string;
  };
  readonly machine: { readonly platform: string; readonly cpu: string; readonly cores: number };
  /** The outline that checkpoints must have. */
  readonly plan: string;
  readonly created: string;
  /** Where it began, when that was another run. */
  readonly branch?: BranchRecord;
  /** The frozen network that losses perceive with. */
  readonly features?: FeaturesRecord;
}

export interface RecordedHyper {
  readonly value: number | string;
  readonly default: number | string;
  readonly about: string;
  readonly unit?: string;
}

export interface RecordOptions {
  readonly system: System;
  readonly data: Dataset;
  readonly values: Values;
  readonly seed: number;
  readonly budget: Budget;
  readonly device: string;
  readonly replicas: number;
  readonly threads: number;
  readonly plan: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly branch?: BranchRecord | undefined;
  readonly features?: FeaturesRecord | undefined;
}

export function recordOf(options: RecordOptions): RunRecord {
  const { system, data, values, createdAt, plan } = options;
  const { seed, budget, device, replicas, threads } = options;
  const { legend, given } = descriptionOf(options);
  const hyper = Object.entries(system.hyper).map(([name, parameter]): [string, RecordedHyper] => [
    name,
    {
      value: values[name]!,
      default: parameter.value,
      about: parameter.about,
      ...(parameter.unit === undefined ? {} : { unit: parameter.unit }),
    },
  ]);
  return {
    system: system.name,
    cite: system.cite,
    equations: system.equations,
    departs: system.departs,
    hyper: Object.fromEntries(hyper),
    data: {
      name: data.name,
      kind: data.kind,
      shape: data.shape,
      count: data.count,
      classes: data.classes.length,
      fingerprint: data.fingerprint,
      ...(data.columns === undefined ? {} : { columns: data.columns }),
      ...(legend === undefined ? {} : { legend }),
      ...(given === undefined ? {} : { given }),
    },
    seed,
    budget,
    device,
    replicas,
    threads,
    versions: versions(),
    machine: {
      platform: `${platform()} ${arch()}`,
      cpu: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
    },
    plan,
    created: new Date(createdAt).toISOString(),
    ...(options.branch === undefined ? {} : { branch: options.branch }),
    ...(options.features === undefined ? {} : { features: options.features }),
  };
}

/** Of this package. */
export const ownVersion = (): string => versionIn(new URL("../../package.json", import.meta.url));

function versions(): RunRecord["versions"] {
  const engine = createRequire(import.meta.url).resolve("onnxruntime-node/package.json");
  return { belamy: ownVersion(), onnxruntime: versionIn(engine), node: process.versions.node };
}

const versionIn = (file: string | URL): string =>
  (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version; // npm demands it
