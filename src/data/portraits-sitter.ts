import type { Random } from "../shape/random.js";

/** What is true of one portrait: every number from 0 to 1, any as likely as any other. */
export interface Sitter {
  /** Where the sitter is, from left to right. */
  readonly place: number;
  /** How large the head is. */
  readonly size: number;
  /** Where the face looks, from left to right. */
  readonly turn: number;
  /** Where light comes from, from left to right. */
  readonly light: number;
  /** From fair to dark. */
  readonly skin: number;
  /** From white over red to black. */
  readonly hair: number;
  /** From black over red, green and blue. */
  readonly coat: number;
  /** From umber over olive to slate. */
  readonly ground: number;
  /** From none to a ruff. */
  readonly collar: number;
  /** None below one half. */
  readonly beard: number;
}

export const features = [
  "place",
  "size",
  "turn",
  "light",
  "skin",
  "hair",
  "coat",
  "ground",
  "collar",
  "beard",
] as const satisfies readonly (keyof Sitter)[];

export function anySitter(random: Random): Sitter {
  const drawn = features.map((name) => [name, random.uniform()]);
  return Object.fromEntries(drawn) as unknown as Sitter; // each feature got a number
}
