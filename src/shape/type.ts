/** Element types: `float32` for everything that is learned, the others for indices and masks. */
export type Type = "float32" | "int32" | "bool";

export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** A fresh array for `count` elements; booleans are bytes, 0 or 1. */
export function allocate(type: Type, count: number): TypedArray {
  if (type === "float32") return new Float32Array(count);
  return type === "int32" ? new Int32Array(count) : new Uint8Array(count);
}
