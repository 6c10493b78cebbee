import { figure } from "../../figure/figure.js";
import type { Conclusion, Figure, Outcome } from "../../game/conclusion.js";
import { type AttributeProbe, attributeProbe } from "../../metrics/attribute-probe.js";
import { readSeen } from "../../shape/items.js";
import { sizeOf } from "../../shape/shape.js";
import { type Ended, type Hand, handOf } from "./looking.js";
import {
  type Group,
  pathLengthIn,
  type StyleShares,
  styleShares,
  swapped,
  truncatedBy,
} from "./measures.js";

const columns = 5;
const truncations = [1, 0.7, 0.5, 0.3, 0];
const groupNames = ["coarse", "middle", "fine"] as const satisfies readonly Group[];
/** Paths that lengths are measured along, and pairs of pictures whose styles are exchanged. */
const many = 256;
/** Items that a probe is fitted to at most. */
const most = 4096;
/** With fewer nothing could be read. */
const least = 400;

/**
 * What a run comes to: how much straighter pictures change along w than along z, what styles of
 * coarse and of fine layers change, and what is left of variety nearer to the mean style.
 */
export async function concludes(look: Ended): Promise<Conclusion> {
  const hand = handOf(look);
  const samples = Math.max(8, Math.min(many, Math.floor((many * 768) / sizeOf(look.data.shape))));
  const z = await pathLengthIn("z", hand, { look, samples });
  const protocol = `${samples} paths, an untrained VGG`;
  const inZ: Outcome = { name: `path length in z, ${protocol}`, value: z.mean, better: "lower" };
  if (hand.layers === 1) return { outcomes: [inZ], figures: {} };
  const w = await pathLengthIn("w", hand, { look, samples });
  const outcomes: [Outcome, ...Outcome[]] = [
    { name: "path length in w, share of that in z", value: w.mean / z.mean, better: "lower" },
    inZ,
    { name: `path length in w, ${protocol}`, value: w.mean, better: "lower" },
  ];
  const figures: Record<string, Figure> = {
    mixing: await mixingGrid(look, hand),
    truncation: await truncationRows(look, hand),
  };
  const probe = await probeOf(look);
  if (probe !== undefined) {
    const found = await styleShares(hand, { look, probe, pairs: samples });
    await probe.release();
    figures.styles = sharesMatrix(found);
    const mean = found.noise.reduce((sum, v) => sum + v, 0) / found.noise.length;
    outcomes.push({ name: "what noise changes, share of what styles do", value: mean });
  }
  return { outcomes, figures };
}

/** A probe of what is known of items that were not trained on, as far as it can be read. */
export async function probeOf(
  look: Pick<Ended, "data" | "heldOut">,
): Promise<AttributeProbe | undefined> {
  const { heldOut } = look;
  const known = Object.entries(heldOut?.factors ?? {}).filter(([, values]) =>
    values.every((v) => typeof v === "number"),
  );
  if (heldOut === undefined || known.length === 0 || heldOut.count < least) return undefined;
  const count = Math.min(most, heldOut.count);
  const { shape } = look.data;
  const pictures = readSeen(
    { ...heldOut, shape },
    Array.from({ length: count }, (_, i) => i),
  );
  const attributes = Object.fromEntries(
    known.map(([name, values]) => [name, values.slice(0, count).map(Number)]),
  );
  const all = await attributeProbe(Float32Array.from(pictures), { shape, attributes });
  const readable = Object.keys(attributes).filter((name) => all.r2[name]! >= 0.8);
  await all.release();
  if (readable.length === 0) return undefined;
  const some = Object.fromEntries(readable.map((name) => [name, attributes[name]!]));
  return await attributeProbe(Float32Array.from(pictures), { shape, attributes: some });
}

/** Pictures one after another as a figure's. */
const apart = (pictures: Float32Array, size: number): Float32Array[] =>
  Array.from({ length: pictures.length / size }, (_, i) =>
    pictures.slice(i * size, (i + 1) * size),
  );

/** The paper's figure 3: styles of the picture above, in some layers, for the picture on the left. */
async function mixingGrid(look: Ended, hand: Hand): Promise<Figure> {
  const size = sizeOf(look.data.shape);
  const random = look.random("mixing grid");
  const above = hand.everywhere(await hand.mapped(hand.latents(random, columns)));
  const noise = hand.noise(random, 1);
  const noises = (count: number): Float32Array =>
    Float32Array.from({ length: count * noise.length }, (_, i) => noise[i % noise.length]!);
  const rows = [await hand.pictured(above, noises(columns))];
  const lefts: Float32Array[] = [new Float32Array(size).fill(1)];
  for (const group of groupNames) {
    for (const left of [0, 1]) {
      const own = hand.everywhere(await hand.mapped(hand.latents(look.random(`left ${left}`), 1)));
      const repeated = Float32Array.from(above, (_, i) => own[i % own.length]!);
      rows.push(await hand.pictured(swapped(hand, repeated, above, group), noises(columns)));
      lefts.push(await hand.pictured(own, noises(1)));
    }
  }
  const pictures = rows.flatMap((row, i) => [lefts[i]!, ...apart(row, size)]);
  return figure({
    title: "Styles of one picture in another",
    about:
      `Above ${columns} pictures. Below, each on the left with the styles of the one above in the coarse ` +
      "layers, then in the middle ones, then in the fine ones.",
    panels: [
      {
        kind: "pictures",
        columns: columns + 1,
        size: look.data.shape,
        rowNames: ["from", ...groupNames.flatMap((group) => [group, ""])],
        pictures: pictures.map((values) => ({ values })),
      },
    ],
  });
}

async function truncationRows(look: Ended, hand: Hand): Promise<Figure> {
  const size = sizeOf(look.data.shape);
  const count = 8;
  const rows: Float32Array[] = [];
  for (const psi of truncations) rows.push(await truncatedBy(psi, hand, { look, count }));
  return figure({
    title: "Nearer to the mean style",
    about: `${count} pictures with ψ = ${truncations.join(", ")}: less variety from row to row, down to the mean style with other noise.`,
    panels: [
      {
        kind: "pictures",
        columns: count,
        size: look.data.shape,
        rowNames: truncations.map((psi) => `ψ ${psi}`),
        pictures: rows.flatMap((row) => apart(row, size)).map((values) => ({ values })),
      },
    ],
  });
}

function sharesMatrix({ names, shares, noise }: StyleShares): Figure {
  const rows = { ...shares, noise };
  return figure({
    title: "What styles change",
    about:
      "How much each attribute changes when some layers are told the styles of another picture, or when " +
      "noise is drawn again; 1 is as much as when all styles change.",
    panels: [
      {
        kind: "matrix",
        values: Object.values(rows),
        rowNames: Object.keys(rows),
        columnNames: names,
        domain: [0, 1],
        numbers: true,
        label: "share of a whole change",
      },
    ],
  });
}
