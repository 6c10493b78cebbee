import type { Ink } from "./paint.js";
import { materials, type Part, type Product } from "./products-paint.js";
import type { Outline } from "./products-raster.js";

export type MaterialName = keyof typeof materials;

/** What a product is cut from: its colours, its material, and chance. */
export interface Cut {
  /** A number between two bounds. */
  readonly between: (low: number, high: number) => number;
  /** A whole number from one bound to the other. */
  readonly whole: (low: number, high: number) => number;
  readonly main: Ink;
  /** The same, darker: soles, straps, what lies in the shade. */
  readonly dark: Ink;
  /** Another colour, for what stands out. */
  readonly accent: Ink;
  readonly wood: Ink;
  readonly material: MaterialName;
}

/** A product of one style, and its measures as parts of the picture's side. */
export interface Made extends Omit<Product, "backdrop"> {
  readonly style: string;
  readonly measures: { readonly height: number; readonly width: number; readonly detail: number };
}

/** A part of a product, its material by name. */
export const piece = (
  outline: Outline,
  { material, ...rest }: Omit<Part, "outline" | "material"> & { readonly material: MaterialName },
): Part => ({ ...rest, outline, material: materials[material] });
