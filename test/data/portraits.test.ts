import { expect, it } from "vitest";
import { portraits } from "../../src/data/portraits.js";
import { paintPortrait } from "../../src/data/portraits-paint.js";
import { anySitter, features, type Sitter } from "../../src/data/portraits-sitter.js";
import { grounds } from "../../src/data/portraits-surface.js";
import { Random } from "../../src/shape/random.js";
import { messageOf } from "../run/support.js";

const size = 64;

/** A sitter in the middle, with the light from the left, as it is or changed; the same brush. */
function painted(change: Partial<Sitter> = {}): Uint8Array {
  const any = anySitter(new Random({ seed: 3, purpose: "test" }));
  const plain = { place: 0.5, size: 0.5, turn: 0.5, light: 0.2, beard: 0, collar: 0.5 };
  const tones = { hair: 0.9, skin: 0.2, coat: 0.6, ground: 0.9 };
  const out = new Uint8Array(3 * size * size);
  const random = new Random({ seed: 4, purpose: "test" });
  paintPortrait(
    { ...any, ...plain, ...tones, ...change },
    { size, random, surface: grounds(), out },
  );
  return out;
}

/** Mean of all channels in a rectangle, its sides in −1 … 1. */
function mean(picture: Uint8Array, [left, top, right, bottom]: readonly number[]): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < picture.length; i++) {
    const [x, y] = [
      (2 * ((i % size) + 0.5)) / size - 1,
      (2 * (Math.floor((i % (size * size)) / size) + 0.5)) / size - 1,
    ];
    if (x < left! || x > right! || y < top! || y > bottom!) continue;
    sum += picture[i]!;
    count++;
  }
  return sum / count;
}

it("portraits are what their seed says, each by itself", () => {
  const [few, more] = [portraits({ count: 3, size: 16 }), portraits({ count: 5, size: 16 })];
  expect(more.items.slice(0, few.items.length)).toEqual(few.items);
  expect(few.shape).toEqual([3, 16, 16]);
  expect(portraits({ count: 3, size: 16, seed: 1 }).fingerprint).not.toBe(few.fingerprint);
  expect(Object.keys(more.factors ?? {})).toEqual([...features]);
  expect(more.factors?.light?.length).toBe(5);
});

it("every factor changes the picture, by itself", () => {
  const plain = painted();
  for (const name of features) {
    const other = painted({ [name]: name === "beard" ? 1 : name === "light" ? 0.9 : 0.02 });
    const changed = other.filter((v, i) => Math.abs(v - plain[i]!) > 12).length;
    expect(changed / plain.length, name).toBeGreaterThan(0.01);
  }
  // Below one half nobody has a beard.
  expect(painted({ beard: 0.4 })).toEqual(plain);
});

it("light comes from its side, beards are below mouths, collars are white", () => {
  const cheeks = (picture: Uint8Array) => {
    const [left, right] = [
      [-0.3, -0.2, -0.1, 0.1],
      [0.1, -0.2, 0.3, 0.1],
    ] as const;
    return mean(picture, left) - mean(picture, right);
  };
  expect(cheeks(painted())).toBeGreaterThan(20);
  expect(cheeks(painted({ light: 0.8 }))).toBeLessThan(-20);
  const chin = [-0.15, 0.2, 0.15, 0.3];
  expect(mean(painted(), chin) - mean(painted({ beard: 1 }), chin)).toBeGreaterThan(20);
  const neck = [-0.2, 0.4, 0.2, 0.5];
  expect(mean(painted({ collar: 0.8 }), neck) - mean(painted({ collar: 0 }), neck)).toBeGreaterThan(
    30,
  );
});

it("a number that makes no sense is named", () => {
  expect(messageOf(() => portraits({ size: 0.5 }))).toBe(
    "portraits.size: expected a whole number of at least 1, received 0.5",
  );
});
