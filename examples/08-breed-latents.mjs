// Breeding: pictures have parents. Latents that please are crossed and mutated, again and again.
import { data, Random, train, zoo } from "belamy";
import ort from "onnxruntime-node"; // it comes with belamy

const rounds = Number(process.argv[2] ?? 100);
const run = train({
  system: zoo.r3gan,
  data: data.shapes({ count: 2000, size: 16 }),
  hyper: { width: 8 },
  rounds,
  seed: 3,
  folder: null,
});
await run.finish();
const session = await ort.InferenceSession.create(await run.generator());

/** Pictures `[3 16 16]` of latents. @param {readonly Float32Array[]} latents */
async function picturesOf(latents) {
  const z = Float32Array.from(latents.flatMap((latent) => [...latent]));
  const { samples } = await session.run({ z: new ort.Tensor("float32", z, [latents.length, 64]) });
  const items = /** @type {Float32Array} */ (samples?.data);
  return latents.map((_, i) => items.subarray(i * 768, (i + 1) * 768));
}

/** The mean of a channel, 0 … 255. @param {Float32Array} picture @param {number} channel */
const mean = (picture, channel) =>
  (picture.subarray(channel * 256, (channel + 1) * 256).reduce((sum, v) => sum + v + 1, 0) / 512) *
  255;

// Usually a person looks and chooses. Here, whoever is redder pleases more.
const charm = (/** @type {Float32Array} */ picture) =>
  mean(picture, 0) - (mean(picture, 1) + mean(picture, 2)) / 2;
const colour = (/** @type {Float32Array} */ picture) =>
  `#${[0, 1, 2]
    .map((c) =>
      Math.min(255, Math.max(0, Math.round(mean(picture, c))))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;

const random = new Random({ seed: 5, purpose: "breeding" });
const born = () => Float32Array.from({ length: 64 }, () => random.normal());

/** Each gene from one parent, one in ten drawn anew. @param {Float32Array} a @param {Float32Array} b */
const child = (a, b) =>
  a.map((gene, i) =>
    random.uniform() < 0.1 ? random.normal() : random.uniform() < 0.5 ? gene : b[i],
  );

let people = Array.from({ length: 16 }, born);
const [ancestor] = people;
for (let generation = 1; generation <= 8; generation++) {
  const pictures = await picturesOf(people);
  const ranked = people
    .map((latent, i) => ({ latent, picture: pictures[i] }))
    .sort((a, b) => charm(b.picture) - charm(a.picture));
  const [best] = ranked;
  const score = charm(best.picture).toFixed(1).padStart(6);
  console.log(`generation ${generation}: best ${score}, mean colour ${colour(best.picture)}`);
  const parents = ranked.slice(0, 4).map(({ latent }) => latent);
  const children = Array.from({ length: 12 }, () =>
    child(parents[random.integer(4)], parents[random.integer(4)]),
  );
  people = [...parents, ...children];
}

// From the first ancestor to the favourite, in even steps along an arc: z stays as long as usual.
const walk = [0, 0.25, 0.5, 0.75, 1].map((t) =>
  ancestor.map(
    (a, i) => a * Math.cos((t * Math.PI) / 2) + people[0][i] * Math.sin((t * Math.PI) / 2),
  ),
);
console.log(`from ancestor to favourite: ${(await picturesOf(walk)).map(colour).join(" → ")}`);
