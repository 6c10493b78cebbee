import { Random } from "../shape/random.js";
import { checkWhole } from "./check.js";
import type { Dataset } from "./dataset.js";
import { fingerprintOf } from "./fingerprint.js";
import { sharedBytes } from "./memory.js";
import { paintPortrait } from "./portraits-paint.js";
import { anySitter, features } from "./portraits-sitter.js";
import { grounds } from "./portraits-surface.js";

/**
 * Painted busts before dark walls, `count` times `[3 size size]`, of which everything is known: ten
 * factors from 0 to 1, each drawn by itself, any value as likely as any other. They are `place`, from
 * left to right; `size`; `turn`, where the face looks; `light`, the side that it comes from; `skin`,
 * `hair`, `coat` and `ground`, one colour each; the width of the `collar`; and how full the `beard`
 * is, none below one half. Strokes of the brush and cracks in the varnish are by chance.
 *
 * @throws {ConfigurationError} when a number makes no sense
 * @example
 * const { shape, factors } = data.portraits({ count: 2, size: 32 });
 * shape; // → [3,32,32]
 * Object.keys(factors ?? {}).length; // → 10
 */
export function portraits({
  count = 1024,
  size = 32,
  seed = 0,
}: {
  /** How many pictures. */
  readonly count?: number;
  /** Pixels a side: 32 shows who is there, 128 the cracks as well. */
  readonly size?: number;
  /** What they are painted with: the same seed gives the same pictures. */
  readonly seed?: number;
} = {}): Dataset<Uint8Array> {
  checkWhole("portraits", { count, size, seed });
  const each = 3 * size * size;
  const items = sharedBytes(count * each);
  const surface = grounds();
  const known = Array.from({ length: count }, (_, i) => {
    const sitter = anySitter(new Random({ seed, purpose: "data/portraits", at: [i] }));
    const random = new Random({ seed, purpose: "data/portraits brush", at: [i] });
    const out = items.subarray(i * each, (i + 1) * each);
    paintPortrait(sitter, { size, random, surface, out });
    return sitter;
  });
  const data = {
    name: "portraits",
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
    features.map((name) => [name, known.map((sitter) => sitter[name])]),
  );
  return { ...data, factors, fingerprint: fingerprintOf(data) };
}
