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
  const items = /** @type {Float32Array} */ (samples.data);
  return latents.map((_, i) => items.subarray(i * 768, (i + 1) * 768));
}

/** Mean red, green and blue of a picture, each 0 … 255. @param {Float32Array} picture */
const colourOf = (picture) =>
  [0, 1, 2].map((channel) => {
    const plane = picture.subarray(channel * 256, (channel + 1) * 256);
    const mean = plane.reduce((total, v) => total + v, 0) / 256;
    return Math.round(Math.min(255, Math.max(0, (mean + 1) * 127.5)));
  });

/** @param {Float32Array} picture */
function hexOf(picture) {
  const [red, green, blue] = colourOf(picture);
  return `#${(red * 65536 + green * 256 + blue).toString(16).padStart(6, "0")}`;
}

/** Usually a person looks and chooses. Here, the redder, the better. @param {Float32Array} picture */
function charmOf(picture) {
  const [red, green, blue] = colourOf(picture);
  return red - (green + blue) / 2;
}

const random = new Random({ seed: 5, purpose: "breeding" });
const born = () => Float32Array.from({ length: 64 }, () => random.normal());

/** Each gene from one parent, one in ten drawn anew. @param {Float32Array} a @param {Float32Array} b */
const child = (a, b) =>
  a.map((gene, i) => {
    if (random.uniform() < 0.1) return random.normal();
    return random.uniform() < 0.5 ? gene : b[i];
  });

let people = Array.from({ length: 16 }, born);
const [ancestor] = people;
for (let generation = 1; generation <= 8; generation++) {
  const pictures = await picturesOf(people);
  const ranked = people
    .map((latent, i) => ({ latent, picture: pictures[i] }))
    .sort((a, b) => charmOf(b.picture) - charmOf(a.picture));
  const [best] = ranked;
  const score = charmOf(best.picture).toFixed(1).padStart(6);
  console.log(`generation ${generation}: best ${score}, mean colour ${hexOf(best.picture)}`);
  const parents = ranked.slice(0, 4).map(({ latent }) => latent);
  const children = Array.from({ length: 12 }, () =>
    child(parents[random.integer(4)], parents[random.integer(4)]),
  );
  people = [...parents, ...children];
}

// From the first ancestor to the favourite, in even steps along an arc: z stays as long as usual.
const [favourite] = people;
const walk = [0, 22.5, 45, 67.5, 90].map((degrees) => {
  const angle = (degrees * Math.PI) / 180;
  return ancestor.map((gene, i) => gene * Math.cos(angle) + favourite[i] * Math.sin(angle));
});
console.log(`from ancestor to favourite: ${(await picturesOf(walk)).map(hexOf).join(" → ")}`);
