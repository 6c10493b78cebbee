import { describe, expect, test } from "vitest";
import { avatars } from "../../src/data/avatars.js";
import { type Avatar, attributes, drawAvatar } from "../../src/data/avatars-draw.js";
import { proceduralData } from "../../src/data/procedural.js";
import { Random } from "../../src/shape/random.js";

const size = 32;
const middling: Avatar = {
  ...{ x: 0.5, y: 0.5, size: 0.5, skin: 0, hair: 1, background: 0, eyes: 0.5, mouth: 0.5 },
};

function drawn(avatar: Partial<Avatar>, seed = 0): Uint8Array {
  const out = new Uint8Array(3 * size * size);
  const random = new Random({ seed, purpose: "freckles" });
  drawAvatar({ ...middling, ...avatar }, { size, random, out });
  return out;
}

/** The mean place of what differs between two pictures, from 0 to 1, and how much that is. */
function difference(a: Uint8Array, b: Uint8Array): { x: number; y: number; total: number } {
  let [x, y, total] = [0, 0, 0];
  a.forEach((v, i) => {
    const by = Math.abs(v - b[i]!);
    const place = i % (size * size);
    x += (by * ((place % size) + 0.5)) / size;
    y += (by * (Math.floor(place / size) + 0.5)) / size;
    total += by;
  });
  return { x: x / total, y: y / total, total };
}

describe("avatars", () => {
  test("are the same for the same seed, one by one, with factors from 0 to 1", () => {
    const { items, factors, fingerprint, shape } = avatars({ count: 200 });
    expect(shape).toEqual([3, 16, 16]);
    expect(avatars({ count: 2 }).items).toEqual(items.subarray(0, 2 * 768));
    expect(avatars({ count: 200, seed: 1 }).fingerprint).not.toBe(fingerprint);
    expect(proceduralData("avatars", { count: 2, size: 32 }).shape).toEqual([3, 32, 32]);
    expect(Object.keys(factors!)).toEqual([...attributes]);
    for (const values of Object.values(factors!)) {
      const numbers = values.map(Number);
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...numbers)).toBeLessThan(1);
      // 200 uniform numbers: their mean deviates by 0.02.
      expect(Math.abs(numbers.reduce((a, b) => a + b, 0) / 200 - 0.5)).toBeLessThan(0.1);
    }
  });

  test("change where an attribute says: colours where they are, eyes above, the mouth below", () => {
    const base = drawn({});
    const corner = (bytes: Uint8Array): readonly number[] =>
      [0, 1, 2].map((c) => bytes[c * size * size]!);
    expect(corner(drawn({ background: 1 }))).not.toEqual(corner(base));
    expect(corner(drawn({ skin: 1, hair: 0, eyes: 1, mouth: 1 }))).toEqual(corner(base));
    const [eyes, mouth, hair, skin] = [
      difference(base, drawn({ eyes: 1 })),
      difference(base, drawn({ mouth: 1 })),
      difference(base, drawn({ hair: 0 })),
      difference(base, drawn({ skin: 1 })),
    ];
    expect(hair.y).toBeLessThan(eyes.y);
    expect(eyes.y).toBeLessThan(mouth.y);
    expect(skin.total).toBeGreaterThan(mouth.total);
    for (const { x } of [eyes, mouth, hair, skin]) expect(Math.abs(x - 0.5)).toBeLessThan(0.03);
  });

  test("move and grow with their heads", () => {
    /** Where the head is, and its area: all that is not the ground. */
    const head = (avatar: Partial<Avatar>) => {
      const bytes = drawn(avatar);
      const ground = bytes.map((_, i) => bytes[Math.floor(i / size ** 2) * size ** 2]!);
      const [at, seen] = [difference(bytes, ground), bytes.filter((v, i) => v !== ground[i])];
      return { ...at, area: seen.length / bytes.length };
    };
    const [left, right] = [head({ x: 0 }), head({ x: 1 })];
    // From −0.3 to 0.3 of a picture from −1 to 1.
    expect(Math.abs(right.x - left.x - 0.3)).toBeLessThan(0.02);
    expect(Math.abs(head({ y: 1 }).y - head({ y: 0 }).y - 0.25)).toBeLessThan(0.02);
    expect(head({ size: 1 }).area / head({ size: 0 }).area).toBeGreaterThan(1.8);
    expect(Math.abs(left.area - right.area)).toBeLessThan(0.01);
  });

  test("have freckles by chance, in less than a fifth of the picture", () => {
    const [one, two] = [drawn({}, 1), drawn({}, 2)];
    const changed = one.filter((v, i) => v !== two[i]).length / one.length;
    expect(changed).toBeGreaterThan(0.01);
    expect(changed).toBeLessThan(0.2);
  });

  test("are checked", () => {
    expect(() => avatars({ size: 0 })).toThrow(
      /^avatars\.size: expected a whole number of at least 1, received 0$/,
    );
  });
});
