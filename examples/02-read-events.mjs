// What a run says while it is played, and what its folder remembers: who is ahead, and how it went.
import { data, readEvents, train, zoo } from "belamy";
import { scatter } from "./draw.mjs";

const rounds = Number(process.argv[2] ?? 1000);
const points = data.ring({ count: 10_000, deviation: 0.05 });
const run = train({
  system: zoo.r3gan,
  data: points,
  rounds,
  seed: 3,
  sampleCount: 400,
  samplesEvery: rounds / 2,
});

// Live: every event has a `type`, and the compiler knows what else it has.
for await (const event of run) {
  if (event.type === "started") console.log(`${event.system} on ${event.data}, ${event.device}`);
  if (event.type === "samples") {
    console.log(`\nround ${event.round}, what the generator makes:\n${scatter(event.items)}`);
  }
  if (event.type === "verdicts" && event.round === rounds) {
    const right = `${Math.round(100 * event.accuracy)} %`;
    console.log(`\nD is right about ${right} of ${event.cards.length} cards`);
  }
}

// Later: the same from the run folder, without the pictures.
const played = readEvents(run.folder ?? "").filter((event) => event.type === "round");

/** @param {readonly number[]} values */
function sparkline(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const level = (/** @type {number} */ v) => Math.floor((7.99 * (v - low)) / (high - low || 1));
  return values.map((v) => "▁▂▃▄▅▆▇█"[level(v)]).join("");
}

for (const term of Object.keys(played[0].terms)) {
  // The mean of each of 40 stretches: single rounds are noise.
  const stretches = Array.from({ length: 40 }, (_, i) => {
    const part = played.slice((i * played.length) / 40, ((i + 1) * played.length) / 40);
    return part.reduce((sum, { terms }) => sum + terms[term], 0) / part.length;
  });
  console.log(`${term.padEnd(14)} ${sparkline(stretches)} ${stretches[39].toFixed(3)}`);
}
