import { BelamyError } from "../shape/error.js";
import { type ItemStore, inMemory, type MemoryItems, writeSeen } from "../shape/items.js";
import { Random } from "../shape/random.js";
import { sizeOf } from "../shape/shape.js";
import { allocate, type TypedArray } from "../shape/type.js";
import { type Draw, rowsOf } from "./draws.js";
import { drawPort } from "./plan.js";
import type { Draws } from "./system.js";

/** The real items of a game: bytes stand for −1 … 1, floats for themselves. */
export interface Items {
  readonly count: number;
  readonly items: ItemStore;
  readonly labels: Int32Array | undefined;
  /** The picture that belongs to each item, when one does; left out where no game is played. */
  readonly given?: { readonly items?: ItemStore };
}

/** Which numbers of which stream: a function of the place alone, so any replica can draw any part. */
export interface Place {
  /** What the numbers are for: a player's name, or `fixed`. */
  readonly purpose: string;
  /** How many such draws came before. */
  readonly turn: number;
  /** Which group of the batch. */
  readonly group: number;
  /** How many items of data were dealt before this batch. */
  readonly dealt: number;
}

/** Deals batches: data in shuffled epochs without repetition, and numbers from seeded streams. */
export class Dealer {
  private readonly data: Items;
  private readonly seed: number;
  private readonly orders = new Map<number, Uint32Array>();
  private readonly few = new Map<number, readonly number[]>();
  private readonly fewOrders = new Map<string, Uint32Array>();

  constructor(data: Items, seed: number) {
    this.data = data;
    this.seed = seed;
  }

  /** Arrays for one group, to be filled again and again. */
  allocate(draws: Draws, size: number): Record<string, TypedArray> {
    const entries = Object.entries(draws).map(([name, draw]) => [
      drawPort(name),
      allocate(draw.type, rowsOf(draw, size) * sizeOf(draw.shape)),
    ]);
    return Object.fromEntries(entries);
  }

  /** Fills the arrays of one group with what chance supplies at a place. */
  deal(draws: Draws, into: Readonly<Record<string, TypedArray>>, place: Place): void {
    for (const [name, draw] of Object.entries(draws)) {
      this.fill(draw, into[drawPort(name)]!, { ...place, purpose: `${place.purpose} ${name}` });
    }
  }

  /** Items chosen at random, outside of the sequence that is played. */
  pick(
    count: number,
    { size, random }: { readonly size: number; readonly random: Random },
  ): Float32Array {
    const out = new Float32Array(count * size);
    for (let i = 0; i < count; i++) this.copy(random.integer(this.data.count), size, out, i * size);
    return out;
  }

  /** The item at a position of the endless shuffled sequence. */
  private indexAt(position: number): number {
    const { count } = this.data;
    const epoch = Math.floor(position / count);
    let order = this.orders.get(epoch);
    if (order === undefined) {
      order = new Random({ seed: this.seed, purpose: "order", at: [epoch] }).permutation(count);
      this.orders.set(epoch, order);
      this.orders.delete(epoch - 2);
    }
    return order[position % count]!;
  }

  /** The place of an item at a position of the endless shuffled sequence of a few. */
  private fewAt(of: number, position: number): number {
    let few = this.few.get(of);
    if (few === undefined) {
      few = fewOf(this.data, of, this.seed);
      this.few.set(of, few);
    }
    const epoch = Math.floor(position / few.length);
    const key = `${of} ${epoch}`;
    let order = this.fewOrders.get(key);
    if (order === undefined) {
      const random = new Random({ seed: this.seed, purpose: "order of some", at: [of, epoch] });
      order = random.permutation(few.length);
      this.fewOrders.set(key, order);
      // A batch of many reaches over several epochs of a few.
      const oldest = this.fewOrders.keys().next();
      if (this.fewOrders.size > 64 && oldest.done !== true) this.fewOrders.delete(oldest.value);
    }
    return few[order[position % few.length]!]!;
  }

  private fill(draw: Draw, out: TypedArray, place: Place): void {
    if (draw.kind === "some items" || draw.kind === "some labels") {
      const each = draw.kind === "some labels" ? 1 : sizeOf(draw.shape);
      const count = out.length / each;
      for (let i = 0; i < count; i++) {
        const index = this.fewAt(draw.of, place.dealt + place.group * count + i);
        if (draw.kind === "some labels") out[i] = this.data.labels?.[index] ?? 0;
        else this.copy(index, each, out, i * each);
      }
      if (draw.kind === "some items" && draw.gaps) fillGaps(out);
      return;
    }
    if (draw.kind === "items" || draw.kind === "labels") {
      const each = draw.kind === "labels" ? 1 : sizeOf(draw.shape);
      const count = out.length / each;
      for (let i = 0; i < count; i++) {
        const index = this.indexAt(place.dealt + place.group * count + i);
        if (draw.kind === "labels") out[i] = this.data.labels?.[index] ?? 0;
        else this.copy(index, each, out, i * each);
      }
      if (draw.kind === "items" && draw.gaps) fillGaps(out);
      return;
    }
    if (draw.kind === "given") {
      const each = sizeOf(draw.shape);
      const count = out.length / each;
      const from = this.data.given?.items;
      if (from === undefined) throw new BelamyError({ op: "given", why: "the data have none" });
      for (let i = 0; i < count; i++) {
        const index = this.indexAt(place.dealt + place.group * count + i);
        writeSeen(readItem(from, index, each), { out, at: i * each });
      }
      return;
    }
    if (draw.kind === "present") {
      const each = sizeOf(draw.shape);
      const count = out.length / each;
      for (let i = 0; i < count; i++) {
        const item = this.read(this.indexAt(place.dealt + place.group * count + i), each);
        for (let k = 0; k < each; k++) out[i * each + k] = Number.isNaN(item[k]) ? 0 : 1;
      }
      return;
    }
    if (draw.kind === "all labels") {
      for (let i = 0; i < out.length; i++) out[i] = this.data.labels?.[i] ?? 0;
      return;
    }
    if (draw.kind === "all") {
      const each = sizeOf(draw.shape);
      for (let i = 0; i < draw.count; i++) this.copy(i, each, out, i * each);
      if (draw.gaps) fillGaps(out);
      return;
    }
    const at = [place.turn, place.group] as const;
    const random = new Random({ seed: this.seed, purpose: place.purpose, at });
    if (draw.kind === "classes") {
      for (let i = 0; i < out.length; i++) out[i] = random.integer(draw.classes);
    } else if (draw.kind === "normal") {
      for (let i = 0; i < out.length; i++) out[i] = random.normal();
    } else {
      const { low, high } = draw;
      for (let i = 0; i < out.length; i++) out[i] = low + (high - low) * random.uniform();
    }
  }

  private copy(index: number, each: number, out: TypedArray, at: number): void {
    const item = this.read(index, each);
    writeSeen(item, { out, at });
  }

  private read(index: number, each: number): MemoryItems {
    return readItem(this.data.items, index, each);
  }
}

/** Places of a few items, as many of each class as can be; a function of the seed. */
export function fewOf({ count, labels }: Items, of: number, seed: number): readonly number[] {
  const order = new Random({ seed, purpose: "some" }).permutation(count);
  const turns = [...order].map((place) => ({ place, label: labels?.[place] ?? 0, turn: 0 }));
  const seen = new Map<number, number>();
  for (const item of turns) {
    item.turn = seen.get(item.label) ?? 0;
    seen.set(item.label, item.turn + 1);
  }
  // The first of every class, then the second of every class, and so on.
  const sorted = turns.sort((a, b) => a.turn - b.turn || a.label - b.label);
  return sorted.slice(0, of).map(({ place }) => place);
}

const readItem = (items: ItemStore, index: number, each: number): MemoryItems =>
  inMemory(items) ? items.subarray(index * each, (index + 1) * each) : items.read([index]);

/** What is missing is NaN in the data, and would make everything NaN. */
function fillGaps(out: TypedArray): void {
  for (let i = 0; i < out.length; i++) if (Number.isNaN(out[i])) out[i] = 0;
}
