import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { type PortraitOptions, portrait } from "../../portrait/portrait.js";
import { readRecord } from "../../run/folder.js";
import { writeError } from "../../run/write.js";
import { findRun } from "../find-run.js";
import { generatorIn, makesByChance } from "../makes.js";
import type { Reader } from "../reader.js";
import { Progress } from "../report/progress.js";
import { checkEnding } from "../sheet.js";
import type { Terminal } from "../terminal/terminal.js";

/** Paints, signs and frames what a run has learned. */
export async function portraitCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [wanted] = reader.operands("RUN");
  const options = readOptions(reader);
  const out = reader.text("out");
  const asJson = reader.is("json");
  reader.finish();
  if (out !== undefined) checkEnding(out, [".png"]);
  const folder = findRun(wanted, paints);
  generatorIn(folder, "portrait");
  const progress = new Progress(terminal, asJson);
  progress.say("painting, choosing, framing");
  try {
    const made = await portrait(folder, options);
    const file = out ?? `portrait-seed${made.seed}.png`;
    write(file, made.png);
    progress.end();
    const { width, height, seed, logit, steps } = made;
    terminal.write(
      asJson
        ? `${JSON.stringify({ file, width, height, seed, logit, steps })}\n`
        : `${[`${file}: ${width} × ${height} pixels, seed ${seed}`, ...steps].join("\n  ")}\n`,
    );
  } finally {
    progress.end();
  }
  return 0;
}

/** Whether a run makes pictures out of nothing but chance. */
const paints = (folder: string): boolean =>
  makesByChance(folder) && readRecord(folder).data.kind === "pictures";

function readOptions(reader: Reader): PortraitOptions {
  const canvas = reader.pair("canvas");
  const of = reader.whole("of");
  const seed = reader.whole("seed", { minimum: 0 });
  const truncation = reader.amount("truncation");
  if (truncation !== undefined && truncation > 1) {
    reader.problem("--truncation", `expected a number from 0 to 1, received ${truncation}`);
  }
  const model = reader.text("model");
  const pixels = reader.whole("pixels");
  return {
    threads: availableParallelism(),
    ...(canvas === undefined ? {} : { canvas }),
    ...(of === undefined ? {} : { of }),
    ...(seed === undefined ? {} : { seed }),
    ...(truncation === undefined ? {} : { truncation }),
    ...(model === undefined ? {} : { model }),
    ...(pixels === undefined ? {} : { pixels }),
    ...(reader.is("bare") ? { frame: false } : {}),
  };
}

function write(file: string, bytes: Uint8Array): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  } catch (error) {
    throw writeError(file, error);
  }
}
