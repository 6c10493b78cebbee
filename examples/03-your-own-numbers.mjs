// Numbers of your own become data, and a generator learns to make more like them.
import { data, train, zoo } from "belamy";
import { scatter } from "./draw.mjs";

const rounds = Number(process.argv[2] ?? 1500);

// Any rows of numbers will do: here, places on a heart, each moved a little.
const rows = Array.from({ length: 4000 }, (_, i) => {
  const t = (2 * Math.PI * i) / 4000;
  const x = 16 * Math.sin(t) ** 3;
  const y = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
  const nudge = () => 0.04 * (Math.random() - 0.5);
  return [x / 12 + nudge(), y / 12 + nudge()];
});
const heart = data.from(rows, { name: "heart" });
console.log(`${heart.name}: ${heart.count} ${heart.kind} of shape [${heart.shape.join(" ")}]`);
console.log(scatter(heart.items));

const asks = { sampleCount: 2000, samplesEvery: rounds };
for await (const event of train({ system: zoo.r3gan, data: heart, rounds, seed: 3, ...asks })) {
  if (event.type !== "samples") continue;
  console.log(`\nmade after ${event.round} rounds:\n${scatter(event.items)}`);
}
