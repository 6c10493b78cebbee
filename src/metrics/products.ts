import { Tensor } from "#ort";
import { encodeModel } from "../onnx/model.js";
import { openSession, plainDevice } from "../runtime/device.js";

/** Rows of features: `count` times `size` numbers, one row after another. */
export type Rows = Float32Array | Float64Array;

/**
 * Products of rows in float64, on the kernels that ONNX Runtime has for them: some 20 times as fast
 * as loops in JavaScript. Metrics subtract nearly equal numbers, for which float32 is too coarse.
 */
export interface Products {
  /** Every row of one with every row of the other: `[m size], [n size] → [m n]`. */
  multiply(a: Rows, b: Rows, size: number): Promise<Float64Array>;
  release(): Promise<void>;
}

/** Opens sessions for products: one for each pair of element types, when it is first needed. */
export function openProducts({ threads = 1 }: { readonly threads?: number } = {}): Products {
  const sessions = new Map<string, ReturnType<typeof openSession>>();
  const sessionFor = (a: ElementType, b: ElementType): ReturnType<typeof openSession> => {
    const key = `${a} ${b}`;
    const known = sessions.get(key);
    if (known !== undefined) return known;
    const session = openSession(modelFor(a, b), { device: plainDevice, threads });
    sessions.set(key, session);
    return session;
  };
  return {
    async multiply(a, b, size) {
      const session = await sessionFor(typeOf(a), typeOf(b));
      const { product } = await session.run({ a: tensorOf(a, size), b: tensorOf(b, size) });
      return product!.data as Float64Array; // as the model says
    },
    async release() {
      for (const session of sessions.values()) await (await session).release();
    },
  };
}

type ElementType = "float32" | "float64";

const typeOf = (rows: Rows): ElementType => (rows instanceof Float64Array ? "float64" : "float32");

function tensorOf(rows: Rows, size: number): InstanceType<typeof Tensor> {
  const own = rows.buffer instanceof ArrayBuffer ? rows : rows.slice(); // shared memory is refused
  return new Tensor(typeOf(rows), own, [rows.length / size, size]);
}

function modelFor(a: ElementType, b: ElementType): Uint8Array<ArrayBuffer> {
  const attributes = { to: 11 }; // float64, as ONNX counts its types
  return encodeModel({
    name: "products",
    nodes: [
      { op: "Cast", inputs: ["a"], outputs: ["left"], attributes },
      { op: "Cast", inputs: ["b"], outputs: ["right"], attributes },
      { op: "Transpose", inputs: ["right"], outputs: ["columns"], attributes: { perm: [1, 0] } },
      { op: "MatMul", inputs: ["left", "columns"], outputs: ["product"] },
    ],
    initializers: [],
    inputs: [
      { name: "a", shape: ["m", "size"], type: a },
      { name: "b", shape: ["n", "size"], type: b },
    ],
    outputs: [{ name: "product", shape: ["m", "n"], type: "float64" }],
  });
}
