// How good is it? Scores with their protocols, beside what is best and what is worst.
import { data, judge, Random, samplesToJudge, train, zoo } from "belamy";

const rounds = Number(process.argv[2] ?? 1000);
const points = data.ring({ count: 20_000, deviation: 0.05 });
const count = samplesToJudge(points);

/** @param {string} who @param {Float32Array} samples */
async function report(who, samples) {
  const scores = await judge(samples, points);
  console.log(who.padEnd(24), scores.map((s) => `${s.name} ${s.value.toFixed(3)}`).join("   "));
  return scores;
}

// The best that can be hoped for: as many fresh points of the same ring, with another seed.
await report("real points", data.ring({ count, deviation: 0.05, seed: 1 }).items);

// Nothing learned: points anywhere in the square.
const random = new Random({ seed: 3, purpose: "noise" });
const anywhere = Float32Array.from({ length: 2 * count }, () => 3 * random.uniform() - 1.5);
await report("noise", anywhere);

// A generator, while it learns.
const asks = { sampleCount: count, samplesEvery: rounds / 4 };
for await (const event of train({ system: zoo.r3gan, data: points, rounds, seed: 3, ...asks })) {
  if (event.type !== "samples") continue;
  const scores = await report(`generator, round ${event.round}`, event.items);
  if (event.round === rounds) for (const s of scores) console.log(`  ${s.name}: ${s.protocol}`);
}
