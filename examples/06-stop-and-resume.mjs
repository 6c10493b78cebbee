// A run that was stopped and resumed learns the same bits as one that was never stopped.
import { createHash } from "node:crypto";
import { data, train, zoo } from "belamy";

const rounds = Number(process.argv[2] ?? 300);
const options = {
  system: zoo.gan,
  data: data.moons({ count: 5000 }),
  hyper: { width: 64, units: 32 },
  rounds,
  seed: 7,
};

/** @param {import("belamy").Run} run */
async function fingerprint(run) {
  const bytes = await run.generator({ format: "safetensors" });
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

const straight = train(options);
const { round } = await straight.finish();
console.log(`never stopped:  ${round} rounds, parameters ${await fingerprint(straight)}`);

const first = train(options);
for await (const event of first) {
  // Ctrl-C, a full disk or a power cut may come at any round as well.
  if (event.type === "round" && event.round === Math.floor(rounds / 3)) first.stop();
  if (event.type === "stopped") console.log(`stopped at ${event.round}: ${event.reason}`);
}

const folder = first.folder ?? "";
const second = train({ ...options, resume: folder });
const end = await second.finish();
console.log(`and resumed:    ${end.round} rounds, parameters ${await fingerprint(second)}`);
console.log(
  (await fingerprint(first)) === (await fingerprint(straight)) ? "the same bits" : "they differ",
);
