import { Random } from "../shape/random.js";
import { anyAvatar, attributes, drawAvatar } from "./avatars-draw.js";
import { checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedBytes } from "./memory.js";

/**
 * Heads before a background, `count` times `[3 size size]`, of which everything is known: eight
 * factors from 0 to 1, each drawn by itself, any value as likely as any other. They are `x` and `y`,
 * the place of the head; its `size`; `skin`, `hair` and `background`, one colour each; the distance
 * of the `eyes`; and the bend of the `mouth`. Freckles are by chance in every pixel.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * const { shape, factors } = data.avatars({ count: 2, size: 32 });
 * shape; // → [3,32,32]
 * Object.keys(factors ?? {}); // → ["x","y","size","skin","hair","background","eyes","mouth"]
 */
export function avatars({
  count = 4096,
  size = 16,
  seed = 0,
}: {
  /** How many pictures. */
  readonly count?: number;
  /** Pixels a side: 16 shows places and colours, 32 eyes and mouths as well. */
  readonly size?: number;
  /** What they are drawn with: the same seed gives the same pictures. */
  readonly seed?: number;
} = {}): Dataset<Uint8Array> {
  checkWhole("avatars", { count, size, seed });
  const each = 3 * size * size;
  const items = sharedBytes(count * each);
  const known = Array.from({ length: count }, (_, i) => {
    const avatar = anyAvatar(new Random({ seed, purpose: "data/avatars", at: [i] }));
    const random = new Random({ seed, purpose: "data/avatars freckles", at: [i] });
    drawAvatar(avatar, { size, random, out: items.subarray(i * each, (i + 1) * each) });
    return avatar;
  });
  const data = {
    name: "avatars",
    kind: "pictures",
    shape: [3, size, size],
    count,
    items,
    labels: undefined,
    classes: [],
    modes: undefined,
    skipped: [],
  } as const;
  const factors = Object.fromEntries(
    attributes.map((name) => [name, known.map((avatar) => avatar[name])]),
  );
  return { ...data, factors, fingerprint: fingerprintOf(data) };
}
