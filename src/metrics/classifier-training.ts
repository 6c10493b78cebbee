import { plainDevice } from "../runtime/device.js";
import { Memory } from "../runtime/memory.js";
import { type ItemStore, readItems, writeSeen } from "../shape/items.js";
import { Random } from "../shape/random.js";
import { type Shape, sizeOf } from "../shape/shape.js";
import {
  type ClassifierLayers,
  firstValues,
  keptBy,
  slotNames,
  trainingProgram,
} from "./classifier-network.js";

/** Pictures with classes: what a classifier learns from, or is tested on. */
export interface Labelled {
  /** One picture: `[c h w]`. */
  readonly shape: Shape;
  readonly count: number;
  /** One picture after another: bytes for −1 … 1, or floats. */
  readonly items: ItemStore;
  readonly labels: Int32Array;
  /** Only these of the items, `count` of them; all when left out. */
  readonly places?: readonly number[];
}

export interface Lesson {
  readonly layers: ClassifierLayers;
  readonly seed: number;
  /** Moves to make. */
  readonly moves: number;
  readonly batch: number;
  /** Largest shift of a picture along each axis, in pixels; its edge is repeated. */
  readonly shift: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Learns from shuffled pictures, each shifted a little; gives back all that the network keeps. */
export async function learn(
  data: Labelled,
  { layers, seed, moves, batch, shift, onProgress }: Lesson,
): Promise<Record<string, Float32Array>> {
  const memory = new Memory({ device: plainDevice });
  const parameters = keptBy(layers, "parameters");
  const kept = { ...parameters, ...keptBy(layers, "state") };
  for (const [name, values] of Object.entries(firstValues(layers, seed))) {
    memory.put({ name, shape: kept[name]!.shape, type: "float32" }, values);
  }
  for (const [name, { shape }] of Object.entries(parameters)) {
    for (const slot of slotNames(name)) {
      memory.put({ name: slot, shape, type: "float32" }, new Float32Array(sizeOf(shape)));
    }
  }
  try {
    const program = await memory.load(trainingProgram(layers, batch));
    const dealt = new Batches(data, { seed, batch, shift, classes: layers.classes });
    const [progress, count] = [new Float32Array(1), new Float32Array(1)];
    for (let move = 0; move < moves; move++) {
      dealt.next();
      progress[0] = move / moves;
      count[0] = move + 1;
      const { items, targets } = dealt;
      await program.run({ items, targets, progress, moves: count });
      onProgress?.(move + 1, moves);
    }
    const values: Record<string, Float32Array> = {};
    for (const name of Object.keys(kept)) {
      values[name] = (await memory.get(name)) as Float32Array; // put there as such
    }
    return values;
  } finally {
    await memory.release();
  }
}

/** Shuffled batches without repetition in an epoch, as a network wants them. */
class Batches {
  readonly items: Float32Array;
  readonly targets: Float32Array;
  private readonly data: Labelled;
  private readonly settings: {
    readonly seed: number;
    readonly batch: number;
    readonly shift: number;
    readonly classes: number;
  };
  private readonly shifts: Random;
  private readonly picture: Float32Array;
  private order: Uint32Array = new Uint32Array(0);
  private at = 0;
  private epoch = 0;

  constructor(data: Labelled, settings: Batches["settings"]) {
    const { batch, classes, seed } = settings;
    this.data = data;
    this.settings = settings;
    this.items = new Float32Array(batch * sizeOf(data.shape));
    this.targets = new Float32Array(batch * classes);
    this.picture = new Float32Array(sizeOf(data.shape));
    this.shifts = new Random({ seed, purpose: "classifier shifts" });
  }

  next(): void {
    const { batch, shift, classes, seed } = this.settings;
    const { count, labels, places } = this.data;
    this.targets.fill(0);
    for (let i = 0; i < batch; i++) {
      if (this.at === this.order.length) {
        const stream = { seed, purpose: "classifier order", at: [this.epoch++] } as const;
        this.order = new Random(stream).permutation(count);
        this.at = 0;
      }
      const next = this.order[this.at++]!;
      const item = places?.[next] ?? next;
      this.targets[i * classes + labels[item]!] = 1;
      const down = this.shifts.integer(2 * shift + 1) - shift;
      const right = this.shifts.integer(2 * shift + 1) - shift;
      this.copy(item, i, { down, right });
    }
  }

  private copy(
    from: number,
    to: number,
    { down, right }: { readonly down: number; readonly right: number },
  ): void {
    const { picture } = this;
    const [channels, h, w] = this.data.shape as readonly [number, number, number]; // pictures have three axes
    writeSeen(readItems(this.data, [from]), { out: picture, at: 0 });
    const within = (place: number, size: number): number => Math.max(0, Math.min(size - 1, place));
    let out = to * picture.length;
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < h; y++) {
        const row = (c * h + within(y - down, h)) * w;
        for (let x = 0; x < w; x++) this.items[out++] = picture[row + within(x - right, w)]!;
      }
    }
  }
}
