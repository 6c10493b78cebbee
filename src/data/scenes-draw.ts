import type { Random } from "../shape/random.js";

/** The classes of a scene in the order of their legend. */
export const ground = 0;
export const road = 1;
export const ring = 2;
export const core = 3;
export const house = 4;
export const roof = 5;

/** A rectangle of pixels, its far ends not included. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** At least so many pixels of ground between two things. */
const apart = 2;
/** Places that are tried for a thing before it is left out. */
const tries = 40;

const meet = (a: Box, b: Box): boolean =>
  a.left < b.right + apart &&
  b.left < a.right + apart &&
  a.top < b.bottom + apart &&
  b.top < a.bottom + apart;

/**
 * The classes of one scene, row by row: `[size size]`. One or two roads from side to side, then
 * rings with a core and houses with a roof wherever there is room for them.
 */
export function drawScene(random: Random, size: number): Uint8Array {
  const map = new Uint8Array(size * size);
  const taken: Box[] = [];
  const put = (x: number, y: number, what: number): void => {
    map[y * size + x] = what;
  };
  const whole = (low: number, high: number): number => low + random.integer(high - low + 1);
  for (const box of roads(random, size)) {
    taken.push(box);
    for (let y = box.top; y < box.bottom; y++) {
      for (let x = box.left; x < box.right; x++) put(x, y, road);
    }
  }
  const room = (width: number, height: number): Box | undefined => {
    for (let i = 0; i < tries; i++) {
      const [left, top] = [whole(1, size - 1 - width), whole(1, size - 1 - height)];
      const box = { left, top, right: left + width, bottom: top + height };
      if (!taken.some((other) => meet(box, other))) return box;
    }
    return undefined;
  };
  const scale = size / 32;
  for (let rings = whole(1, 3); rings > 0; rings--) {
    const diameter = Math.round(whole(9, 12) * scale);
    const box = room(diameter, diameter);
    if (box === undefined) continue;
    taken.push(box);
    drawRing(box, { thickness: whole(2, 2) * Math.max(1, Math.round(scale)), random, put });
  }
  for (let houses = whole(1, 2); houses > 0; houses--) {
    const [width, height] = [whole(6, 9), whole(7, 10)].map((n) => Math.round(n * scale)) as [
      number,
      number,
    ];
    const box = room(width, height);
    if (box === undefined) continue;
    taken.push(box);
    drawHouse(box, put);
  }
  return map;
}

/** Roads that cross the whole picture, beside each other, so that no two meet. */
function roads(random: Random, size: number): readonly Box[] {
  const width = Math.max(2, Math.round((size / 32) * 3));
  const isLevel = random.uniform() < 0.5;
  const count = random.uniform() < 0.6 ? 1 : 2;
  const starts: number[] = [];
  for (let i = 0; i < tries && starts.length < count; i++) {
    const start = random.integer(size - width + 1);
    if (starts.every((other) => Math.abs(other - start) >= width + apart)) starts.push(start);
  }
  return starts.map((start) => {
    const [low, high] = [start, start + width];
    return isLevel
      ? { left: 0, top: low, right: size, bottom: high }
      : { left: low, top: 0, right: high, bottom: size };
  });
}

interface Drawing {
  readonly random: Random;
  readonly thickness: number;
  put(x: number, y: number, what: number): void;
}

/** A closed ring around ground, and in that one core that does not touch it. */
function drawRing(box: Box, { thickness, random, put }: Drawing): void {
  const diameter = box.right - box.left;
  const radius = diameter / 2;
  const [middleX, middleY] = [box.left + radius, box.top + radius];
  const inner = radius - thickness;
  const coreRadius = Math.max(1.2, inner * 0.42);
  const slack = Math.max(0, inner - coreRadius - 1.5);
  const [angle, far] = [2 * Math.PI * random.uniform(), slack * random.uniform()];
  const [coreX, coreY] = [middleX + far * Math.cos(angle), middleY + far * Math.sin(angle)];
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      const away = Math.hypot(x + 0.5 - middleX, y + 0.5 - middleY);
      if (away <= radius && away > inner) put(x, y, ring);
      if (Math.hypot(x + 0.5 - coreX, y + 0.5 - coreY) <= coreRadius) put(x, y, core);
    }
  }
}

/** Walls below a roof that is as wide, and narrows towards its top. */
function drawHouse(box: Box, put: Drawing["put"]): void {
  const height = box.bottom - box.top;
  const eaves = box.top + Math.max(2, Math.round(height * 0.45));
  for (let y = box.top; y < box.bottom; y++) {
    const isRoof = y < eaves;
    const inset = isRoof ? Math.min(eaves - 1 - y, Math.floor((box.right - box.left - 2) / 2)) : 1;
    for (let x = box.left + inset; x < box.right - inset; x++) put(x, y, isRoof ? roof : house);
  }
}
