import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { Kernel, Lapse } from "./profile-record.js";

/** One run of a session as ONNX Runtime timed it, in microseconds since the session was made. */
export interface TimedRun extends Lapse {
  readonly kernels: readonly Kernel[];
}

interface EngineEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

const suffix = "_kernel_time";

/** Reads a profile that ONNX Runtime wrote; `nameOf` gives its operators our names. */
export function readRuns(text: string, nameOf: (name: string) => string): TimedRun[] {
  const events = JSON.parse(text) as readonly EngineEvent[]; // as ONNX Runtime writes it
  const kernels = events
    .filter(({ cat, name }) => cat === "Node" && name.endsWith(suffix))
    .map(
      ({ name, ts, dur, args }): Kernel => ({
        start: ts,
        duration: dur,
        name: nameOf(name.slice(0, -suffix.length)),
        op: args?.op_name ?? "",
      }),
    );
  let next = 0;
  return events
    .filter(({ cat, name }) => cat === "Session" && name === "model_run")
    .sort((a, b) => a.ts - b.ts)
    .map(({ ts, dur }) => {
      const first = next;
      while (next < kernels.length && kernels[next]!.start <= ts + dur) next++;
      return { start: ts, duration: dur, kernels: kernels.slice(first, next) };
    });
}

/** One operator in an ONNX file. */
export interface NodeFacts {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Field numbers of ModelProto, GraphProto and NodeProto, from onnx.proto. */
const [graphField, nodeField] = [7, 1];
const [inputField, outputField, nameField] = [1, 2, 3];

/** The operators of an ONNX model. */
export function nodesOf(model: Uint8Array): NodeFacts[] {
  return parts(model, graphField)
    .flatMap((graph) => parts(graph, nodeField))
    .map((node) => ({
      name: words(node, nameField)[0] ?? "",
      inputs: words(node, inputField),
      outputs: words(node, outputField),
    }));
}

function parts(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(bytes);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === wanted && wire === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(wire, field);
  }
  return found;
}

const words = (bytes: Uint8Array, wanted: number): string[] =>
  parts(bytes, wanted).map((part) => new TextDecoder().decode(part));

/** What an operator is for, what it computes and which it is: `D.r1`, `matmul` and its number. */
const ours = /^(?:fused )?([^/]+)\/(\w+) (\w+)(?:\.\d+)?/;

/** The part of our name for an operator that says what it is for. */
export const labelIn = (name: string): string | undefined =>
  name.includes("/") ? name.slice(0, name.indexOf("/")) : undefined;

/** The primitive in our name for an operator, and that name without the number of the part. */
export function primitiveIn(name: string): { readonly primitive: string; readonly key: string } {
  const [, label, primitive = "", number] = ours.exec(name) ?? [];
  return { primitive, key: `${label}/${primitive} ${number}` };
}

/**
 * Our names for the operators that ONNX Runtime made of ours: it keeps a name, adds to it when it
 * fuses, or keeps what results are called. What it made anew, such as a transpose that it moved, is
 * for what the operators beside it are for, and keeps its own name behind that label.
 */
export function namesIn(
  given: readonly NodeFacts[],
  made: readonly NodeFacts[],
): ReadonlyMap<string, string> {
  const known = new Set(given.map(({ name }) => name));
  const makers = new Map(given.flatMap(({ name, outputs }) => outputs.map((x) => [x, name])));
  const names = new Map<string, string>();
  for (const { name, outputs } of made) {
    const kept = ours.exec(name)?.[0].replace(/^fused /, "");
    const result = outputs.map((x) => makers.get(x)).find((x) => x !== undefined);
    const found = [name, kept].find((x) => x !== undefined && known.has(x)) ?? result;
    if (found !== undefined) names.set(name, found);
  }
  const left = made.filter(({ name }) => !names.has(name));
  for (const node of left) {
    const after = made.filter(({ inputs }) => inputs.some((x) => node.outputs.includes(x)));
    const before = made.filter(({ outputs }) => outputs.some((x) => node.inputs.includes(x)));
    const labels = [...after, ...before].map(({ name }) => labelIn(names.get(name) ?? ""));
    const label = labels.find((x) => x !== undefined);
    if (label !== undefined) names.set(node.name, `${label}/${node.name}`);
  }
  return names;
}
