import type { Program } from "../runtime/memory.js";
import { ConfigurationError, locate, ShapeError } from "../shape/error.js";
import type { Shape } from "../shape/shape.js";
import { input, type Tensor } from "../tensor/tensor.js";
import type { DataDescription } from "./draws.js";
import { averageName } from "./moves.js";
import { bind, type Owned } from "./network.js";
import { drawPort } from "./plan.js";
import type { System, Values } from "./system.js";
import { wire } from "./wire.js";

/** Which pictures are translated: so many at a time, of one shape. */
export interface TranslationOptions {
  readonly hyper: Values;
  /** What the run was played on. */
  readonly data: DataDescription;
  /** The given pictures, `[c h w]`; those that the run was played on by default. */
  readonly from?: Shape;
  readonly count?: number;
  /** Compute convolutions as products of matrices; true unless it is for a graphics card. */
  readonly products?: boolean;
}

/** A graph that makes pictures from pictures. */
export interface Translation {
  /** Is fed the cells that it reads and `draw.given`, `[count c h w]`; says `samples`. */
  readonly program: Program;
  readonly count: number;
  readonly from: Shape;
  /** One that is made: `[c h w]`. */
  readonly to: Shape;
}

/**
 * What a system makes of given pictures of any size, as a graph: its networks are built again for
 * that size, which leaves the parameters of convolutions as they are. Of an averaged network the
 * average is used.
 *
 * @throws {ConfigurationError} when the system makes no pictures from pictures.
 * @throws {ShapeError} when its networks cannot be built for that size.
 */
export function traceTranslation(system: System, options: TranslationOptions): Translation {
  const { count = 1, products = true } = options;
  const { from, made } = pictureFrom(system, { ...options, count }, drawPort("given"));
  const program = wire({ samples: made }, new Map(), { products });
  return { program, count, from, to: made.shape.slice(1) };
}

/** The same as a graph by itself, its input called `given`. */
export const traceTranslator = (
  system: System,
  options: TranslationOptions & { readonly count: number },
): Tensor => pictureFrom(system, options, "given").made;

function pictureFrom(
  system: System,
  options: TranslationOptions & { readonly count: number },
  port: string,
): { readonly from: Shape; readonly made: Tensor } {
  return locate(system.name, () => translation(system, options, port));
}

function translation(
  system: System,
  options: TranslationOptions & { readonly count: number },
  port: string,
): { readonly from: Shape; readonly made: Tensor } {
  const { hyper, data, count } = options;
  const { translates } = system;
  if (translates === undefined) {
    const why = "makes no pictures from pictures";
    throw new ConfigurationError({ op: system.name, why });
  }
  const trained = system.translatesFrom(hyper, data);
  const from = options.from ?? trained;
  const fitted = scaledTo(data, { trained, from });
  const owned = system.unsettled(hyper, fitted);
  const averages = system.averages(hyper);
  const view = bind(owned, {
    parameter(name) {
      const isAveraged = averages[networkOf(name)] !== undefined;
      return input(isAveraged ? averageName(name) : name, shapeOf(owned, "parameters", name));
    },
    state: (name) => input(name, shapeOf(owned, "state", name)),
    update: () => {},
    training: false,
    uniform: (network) => {
      throw new ShapeError({ op: network, why: "draws by chance outside of training" });
    },
  });
  const given = input(port, [count, ...from]);
  return { from, made: translates(view, given, { hyper, data: fitted }) };
}

/** The same data with pictures of another size, in the same proportion to what is made of them. */
function scaledTo(
  data: DataDescription,
  { trained, from }: { readonly trained: Shape; readonly from: Shape },
): DataDescription {
  const resized = (shape: Shape): Shape =>
    shape.map((n, axis) => (axis === 0 ? n : Math.round((n * from[axis]!) / trained[axis]!)));
  const { given } = data;
  return {
    ...data,
    shape: resized(data.shape),
    ...(given === undefined ? {} : { given: { ...given, shape: resized(given.shape) } }),
  };
}

const networkOf = (name: string): string => name.split(".")[0]!;

/** The shape of something that a network keeps, or of an owned tensor. */
function shapeOf(
  owned: Readonly<Record<string, Owned>>,
  which: "parameters" | "state",
  name: string,
): Shape {
  const definition = owned[networkOf(name)]!;
  if (definition.kind === "tensor") return definition.kept.shape;
  const inner = name.slice(networkOf(name).length + 1);
  if (definition.kind === "features") return definition.network.weights[inner]!.shape;
  return definition.built[which][inner]!.shape;
}
