import type { Call, Result } from "./call.js";
import { convolutions } from "./convolutions.js";
import { elementwise } from "./elementwise.js";
import { pools } from "./pools.js";
import { resizing } from "./resizing.js";
import { shapes } from "./shapes.js";
import { sums } from "./sums.js";

/** What computes an operator's outputs in our primitives. */
export type Operator = (call: Call) => Result | readonly Result[];

/** ONNX's operators by name: those that can be imported. */
export const operators: Readonly<Record<string, Operator>> = {
  ...elementwise,
  ...shapes,
  ...convolutions,
  ...pools,
  ...resizing,
  ...sums,
};
