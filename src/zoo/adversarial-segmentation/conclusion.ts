import { figure } from "../../figure/figure.js";
import type { Conclusion, Figure, Look, Outcome } from "../../game/conclusion.js";
import type { NetworkDefinition } from "../../game/network.js";
import { boundaryF1 } from "../../metrics/boundary.js";
import { labelsIn, overlap } from "../../metrics/iou.js";
import { structure } from "../../metrics/structure.js";
import { coloursOf } from "../../nn/legend.js";
import { evenPlaces, readItems, readSeen } from "../../shape/items.js";
import { sizeOf } from "../../shape/shape.js";
import { chosen } from "./inputs.js";
import { checkMapped } from "./maps.js";

/** A run of adversarial segmentation that has ended. */
export type Ended = Look<
  Readonly<Record<"a" | "s" | "t", NetworkDefinition>>,
  { readonly lambda: number }
>;

/** Pairs that are scored at most, and computed at a time. */
const most = { scored: 500, computed: 25, shown: 10 } as const;

/** Photos, their true maps, and what is made of them, as a game sees them. */
export interface Told {
  readonly count: number;
  readonly photos: Float32Array;
  readonly truth: Uint8Array;
  /** By s, which met the adversary unless λ is 0. */
  readonly made: Float32Array;
  /** By t, which did not. */
  readonly without: Float32Array;
}

/** What a set is told: the pairs of it that come first, spread evenly where they are too many. */
export async function tell(look: Ended, which: "data" | "heldOut" = "heldOut"): Promise<Told> {
  const { legend, photo } = checkMapped(look.data);
  const { items, given, count } = (which === "heldOut" ? look.heldOut : undefined) ?? look.data;
  const places = evenPlaces(count, most.scored);
  const photos = readSeen({ items: given?.items ?? items, shape: photo }, places);
  const truth = Uint8Array.from(readItems({ items, shape: look.data.shape }, places));
  const each = { photo: sizeOf(photo), map: sizeOf(look.data.shape) };
  const [made, without] = [0, 0].map(() => new Float32Array(places.length * each.map)) as [
    Float32Array,
    Float32Array,
  ];
  for (let start = 0; start < places.length; start += most.computed) {
    const n = Math.min(most.computed, places.length - start);
    const x = {
      shape: [n, ...photo],
      data: photos.slice(start * each.photo, (start + n) * each.photo),
    };
    const said = await look.compute(
      ({ s, t }, { x }) => ({
        made: coloursOf(chosen(s(x)), legend),
        without: coloursOf(chosen(t(x)), legend),
      }),
      { x },
    );
    made.set(said.made, start * each.map);
    without.set(said.without, start * each.map);
  }
  return { count: places.length, photos, truth, made, without };
}

/** How maps agree with the truth, in short: what a conclusion and the tests look at. */
export function scoresOf(look: Pick<Ended, "data">, maps: Float32Array, truth: Uint8Array) {
  const { shape } = look.data;
  const { legend } = checkMapped(look.data);
  const [, height = 0, width = 0] = shape;
  const labels = [maps, truth].map((of) => labelsIn(of, { shape, legend }));
  const [mine, theirs] = labels as [Uint8Array, Uint8Array]; // two went in
  const options = { height, width, legend };
  return {
    ...overlap(mine, theirs, options),
    ...structure(mine, theirs, options),
    boundary: boundaryF1(mine, theirs, options),
  };
}

/** How well pixels and parts agree on pairs that were not trained on, with and without the adversary. */
export async function conclusion(look: Ended): Promise<Conclusion> {
  const told = await tell(look);
  const { lambda } = look.hyper;
  const on = `${told.count} ${look.heldOut === undefined ? "trained" : "unseen"} photos`;
  const mine = scoresOf(look, told.made, told.truth);
  const named = (name: string, value: number, better: Outcome["better"]): Outcome => ({
    ...{ name, value },
    ...(better === undefined ? {} : { better }),
  });
  const first = named(`mean IoU on ${on}`, mine.meanIou, "higher");
  const others = [
    named("pixels right", mine.pixelAccuracy, "higher"),
    named("boundary F1", mine.boundary, "higher"),
    named("parts too many in a map", mine.extraFragments, "lower"),
    named("parts too many or too few", mine.componentError, "lower"),
    named("holes too many or too few", mine.holeError, "lower"),
  ];
  if (lambda > 0) {
    const theirs = scoresOf(look, told.without, told.truth);
    others.push(
      { name: "mean IoU without the adversary", value: theirs.meanIou },
      { name: "boundary F1 without it", value: theirs.boundary },
      { name: "parts too many without it", value: theirs.extraFragments },
      { name: "parts too many or too few without it", value: theirs.componentError },
      { name: "holes too many or too few without it", value: theirs.holeError },
    );
  }
  return { outcomes: [first, ...others], figures: { maps: figureOf(look, told) } };
}

/** Photo, truth, and what was made of it without and with the adversary, a row for each. */
function figureOf(look: Ended, { count, photos, truth, made, without }: Told): Figure {
  const { photo } = checkMapped(look.data);
  const { shape } = look.data;
  const hasTwin = look.hyper.lambda > 0;
  const rows = evenPlaces(count, most.shown);
  const seen = Float32Array.from(truth, (byte) => byte / 127.5 - 1);
  const columns = [
    { caption: "photo", values: photos, each: sizeOf(photo) },
    { caption: "truth", values: seen, each: sizeOf(shape) },
    ...(hasTwin ? [{ caption: "without", values: without, each: sizeOf(shape) }] : []),
    { caption: hasTwin ? "with" : "made", values: made, each: sizeOf(shape) },
  ];
  const beside = Math.min(2, rows.length);
  return figure({
    title: "Maps of photos",
    about:
      `${rows.length} ${look.heldOut === undefined ? "trained" : "unseen"} photos, their true maps` +
      `${hasTwin ? ", what is made of them without an adversary, and with it" : ", and what is made of them"}.`,
    panels: [
      {
        kind: "pictures",
        columns: beside * columns.length,
        size: shape,
        domain: [-1, 1],
        pictures: rows.flatMap((place, i) =>
          columns.map(({ caption, values, each }) => ({
            values: values.subarray(place * each, (place + 1) * each),
            ...(i < beside ? { caption } : {}),
          })),
        ),
      },
    ],
  });
}
