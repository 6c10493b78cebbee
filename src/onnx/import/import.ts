import { BelamyError, closest, DataError } from "../../shape/error.js";
import { type Shape, sizeOf } from "../../shape/shape.js";
import { constant, type Tensor } from "../../tensor/tensor.js";
import { asTensor, Call, folded, isTensor, type Known, type Result, type Value } from "./call.js";
import { operators } from "./operators.js";
import { type Model, type ModelNode, readModel } from "./read.js";

/** So few numbers are computed while a model is imported, when all that they depend on is known. */
const small = 64;

/** What is told of a model beside its bytes. */
export interface ImportOptions {
  /** What errors call the file. */
  readonly name?: string;
}

/** An input of a model: words, and nothing, are free sizes. */
export interface ImportedInput {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** What a model's graph is made with. */
export interface ApplyOptions {
  /** The tensor that stands for a weight; its numbers as a constant by default. */
  readonly weight?: (name: string) => Tensor;
}

/** An ONNX model whose graph can be made of our tensors, for any sizes that it can be given. */
export interface ImportedModel {
  readonly inputs: readonly ImportedInput[];
  readonly outputs: readonly string[];
  /** Names of everything that is computed, in its order. */
  readonly values: readonly string[];
  /** The operators that make those values, by name of the value. */
  readonly operators: Readonly<Record<string, string>>;
  readonly weights: Readonly<
    Record<string, { readonly shape: Shape; readonly values: Float32Array }>
  >;
  /** Gives any value of the model by its name, computing what it needs and each thing once. */
  apply(
    inputs: Readonly<Record<string, Tensor>>,
    options?: ApplyOptions,
  ): (value: string) => Tensor;
}

/**
 * An ONNX model as a graph of our tensors, so that it can stand in a loss and be differentiated:
 * `apply` takes tensors for its inputs and gives any value inside of it, `[…] → […]`. Shapes inside
 * are computed when it is applied.
 *
 * @throws {DataError} when the bytes are no ONNX model; asking for a value, when there is none of that
 * name, or an operator that it needs cannot be imported.
 *
 * @example
 * const { model } = lower({ y: square(input("x", [2])) });
 * const square2 = importOnnx(model);
 * const x = constant([3, 5]);
 * gradients(sum(square2.apply({ x })("y")), [x])[0]; // → [6,10]
 */
export function importOnnx(
  bytes: Uint8Array,
  { name = "model" }: ImportOptions = {},
): ImportedModel {
  const model = readModel(bytes, name);
  const outputs = model.nodes.flatMap((node) =>
    node.outputs.map((value) => [value, node] as const),
  );
  const producers = new Map(outputs.filter(([value]) => value !== ""));
  const weights = [...model.weights].filter(([, tensor]) => isWeight(tensor));
  return {
    inputs: model.inputs.map(({ name: input, shape }) => ({ name: input, shape })),
    outputs: model.outputs,
    values: [...producers.keys()],
    operators: Object.fromEntries([...producers].map(([value, { op }]) => [value, op])),
    weights: Object.fromEntries(
      weights.map(([key, { shape, values }]) => [key, { shape, values: asSingles(values) }]),
    ),
    apply(inputs, { weight } = {}) {
      const walk = new Walk({ name, model, producers, inputs, weight });
      return (value) => walk.see(value);
    },
  };
}

const isWeight = ({ type, values }: Known): boolean => type === "float32" && values.length > 1;

const asSingles = (values: Float32Array | Float64Array): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);

/** What one making of the graph depends on. */
interface WalkOptions {
  readonly name: string;
  readonly model: Model;
  readonly producers: ReadonlyMap<string, ModelNode>;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly weight: ((name: string) => Tensor) | undefined;
}

/** Makes the graph of a model, as far as somebody asks for it. */
class Walk {
  private readonly name: string;
  private readonly model: Model;
  private readonly producers: ReadonlyMap<string, ModelNode>;
  private readonly places: ReadonlyMap<ModelNode, number>;
  private readonly made = new Map<string, Value>();

  constructor({ name, model, producers, inputs, weight }: WalkOptions) {
    this.name = name;
    this.model = model;
    this.producers = producers;
    this.places = new Map(model.nodes.map((node, i) => [node, i]));
    for (const [key, stored] of model.weights) this.made.set(key, weightValue(key, stored, weight));
    for (const [key, tensor] of Object.entries(inputs)) this.made.set(key, valueFrom(tensor));
  }

  see(value: string): Tensor {
    if (!this.made.has(value)) {
      for (const node of this.needed(value)) this.run(node);
    }
    return this.made.get(value)!.tensor();
  }

  /** The nodes that a value waits for, in the model's order. */
  private needed(value: string): readonly ModelNode[] {
    const nodes = new Set<ModelNode>();
    const waiting = [value];
    while (waiting.length > 0) {
      const name = waiting.pop()!;
      if (name === "" || this.made.has(name)) continue;
      const node = this.producers.get(name);
      if (node === undefined) throw this.unknown(name);
      if (nodes.has(node)) continue;
      nodes.add(node);
      waiting.push(...node.inputs);
    }
    return [...nodes].sort((a, b) => this.places.get(a)! - this.places.get(b)!);
  }

  private unknown(value: string): DataError {
    const isInput = this.model.inputs.some((input) => input.name === value);
    const why = isInput ? `nothing is given for its input ${value}` : `has no value ${value}`;
    const near = isInput ? undefined : closest(value, this.producers.keys());
    const cure = near === undefined ? {} : { hint: `did you mean ${near}?` };
    return new DataError({ op: this.name, why, ...cure });
  }

  private run(node: ModelNode): void {
    const { opset } = this.model;
    const operator = operators[node.op];
    if (operator === undefined) {
      throw new DataError({ op: this.name, why: `${node.op} ${node.name} cannot be imported` });
    }
    const given = node.inputs.map((name) => this.made.get(name));
    const isSmall = given.every((value) => value === undefined || fewKnown(value));
    // Weights too are constants where all is known.
    const inputs = isSmall ? given.map((value) => value?.known && valueFrom(value.known)) : given;
    const call = new Call(node, { model: this.name, opset, inputs });
    let found: Result | readonly Result[];
    try {
      found = operator(call);
    } catch (error) {
      // A shape that does not fit is said of the operator.
      throw error instanceof BelamyError && !(error instanceof DataError)
        ? error.within(`${node.op} ${node.name}`).within(this.name)
        : error;
    }
    const results = Array.isArray(found) ? (found as readonly Result[]) : [found as Result]; // Array.isArray knows no readonly arrays
    node.outputs.forEach((name, i) => {
      const result = results[i];
      if (name === "" || result === undefined) return;
      const isFolded = isSmall && isTensor(result) && sizeOf(result.shape) <= small;
      this.made.set(name, valueFrom(isFolded ? folded(result) : result));
    });
  }
}

const fewKnown = ({ known }: Value): boolean => known !== undefined && known.values.length <= small;

function valueFrom(result: Result): Value {
  if (isTensor(result)) return { known: undefined, tensor: () => result };
  let tensor: Tensor | undefined;
  return {
    known: result,
    tensor: () => {
      tensor ??= asTensor(result);
      return tensor;
    },
  };
}

/** A weight, whose numbers are known too. */
function weightValue(
  name: string,
  stored: Known & { readonly values: Float32Array | Float64Array },
  weight: WalkOptions["weight"],
): Value {
  if (!isWeight(stored)) return valueFrom(stored);
  let tensor: Tensor | undefined;
  return {
    known: stored,
    tensor: () => {
      tensor ??= weight?.(name) ?? constant(asSingles(stored.values), { shape: stored.shape });
      return tensor;
    },
  };
}
