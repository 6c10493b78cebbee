import { planUpscale, upscale } from "../../upscale/job.js";
import { outFormats, type TextureUpscaleOptions } from "../../upscale/job-settings.js";
import { onInterrupt } from "../interrupt.js";
import type { Reader } from "../reader.js";
import { Progress } from "../report/progress.js";
import { plannedLines, resultLines } from "../report/textures.js";
import type { Terminal } from "../terminal/terminal.js";
import { clip, clock } from "../terminal/text.js";

/** Makes the textures of a folder, a zip or a file larger. */
export async function upscaleCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [source] = reader.operands("SOURCE");
  if (source === undefined) reader.problem("SOURCE", "missing; name a folder, a zip or a picture");
  const options = readOptions(reader);
  reader.finish();
  const asJson = reader.is("json");
  if (options.model === undefined) {
    terminal.complain("note: no --model was given: bicubic, which adds no detail, is used\n");
  }
  const stopping = new AbortController();
  const progress = new Progress(terminal, asJson);
  const restore = onInterrupt({ terminal, stop: () => stopping.abort() });
  const job = { ...options, signal: stopping.signal, onProgress: shown(progress, terminal) };
  try {
    if (reader.is("dry-run")) {
      const plan = await planUpscale(source!, job); // checked above
      progress.end();
      terminal.write(asJson ? json(plan) : `${plannedLines(plan, terminal).join("\n")}\n`);
    } else {
      const report = await upscale(source!, job); // checked above
      progress.end();
      terminal.write(asJson ? json(report) : `${resultLines(report, terminal).join("\n")}\n`);
    }
    return 0;
  } catch (error) {
    progress.end();
    if (stopping.signal.aborted) terminal.complain("stopped; the same command goes on from here\n");
    throw error;
  } finally {
    restore();
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

function readOptions(reader: Reader): TextureUpscaleOptions {
  const model = reader.text("model");
  const scale = reader.whole("scale");
  const isKernel = model === undefined || ["bicubic", "lanczos"].includes(model);
  if (scale !== undefined && !isKernel) {
    reader.problem("--scale", "a network has its own; use --down or --size for smaller results");
  }
  reader.either("down", "size");
  const out = reader.text("out");
  const size = reader.pair("size");
  const wantsBoth = /[x×]/i.test(reader.text("size") ?? "");
  const down = reader.whole("down");
  const to = reader.word("to", ["keep", ...outFormats]);
  const seamless = reader.is("seamless") ? "all" : reader.word("seamless", ["auto", "all", "none"]);
  const alpha = reader.word("alpha", ["kernel", "model"]);
  const globs = reader.text("normal-maps");
  const palette = paletteOf(reader);
  if (palette !== undefined && to !== undefined && to !== "keep" && to !== "png") {
    reader.problem("--palette", `writes PNG, and --to asks for ${to}`);
  }
  const tile = reader.whole("tile");
  const device = reader.text("device");
  return {
    ...(model === undefined ? {} : { model }),
    ...(scale === undefined ? {} : { scale }),
    ...(out === undefined ? {} : { out }),
    ...(size === undefined ? {} : { size: wantsBoth ? size : size[0] }),
    ...(down === undefined ? {} : { down }),
    ...(to === undefined ? {} : { to }),
    ...(seamless === undefined ? {} : { seamless }),
    ...(alpha === undefined ? {} : { alpha }),
    ...(globs === undefined ? {} : { normalMaps: globs.split(",") }),
    ...(palette === undefined ? {} : { palette }),
    ...(tile === undefined ? {} : { tile }),
    ...(device === undefined ? {} : { device }),
    ...(reader.is("skip-bad") ? { skipBad: true } : {}),
  };
}

/** `keep`, or a number of colours. */
function paletteOf(reader: Reader): "keep" | number | undefined {
  const text = reader.text("palette");
  if (text === undefined || text === "keep") return text;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 2 && count <= 256) return count;
  reader.problem("--palette", `expected keep or 2 to 256 colours, received ${text}`);
  return undefined;
}

const barWidth = 20;

/** Draws a bar over itself, with the file that is being worked on and the time that is left. */
function shown(
  progress: Progress,
  terminal: Terminal,
): NonNullable<TextureUpscaleOptions["onProgress"]> {
  let startMs: number | undefined;
  return ({ phase, done, total, share, file }) => {
    const count = `${done + 1} of ${total}`;
    if (phase === "looking") {
      progress.say(clip(`looking at ${count}: ${file}`, terminal.columns()));
      return;
    }
    startMs ??= performance.now();
    const seconds = (performance.now() - startMs) / 1000;
    const full = Math.round(share * barWidth);
    const [one, none] = terminal.unicode ? ["━", "─"] : ["#", "."];
    const bar = one.repeat(full) + none.repeat(barWidth - full);
    const left = share > 0.01 ? `, ${clock((seconds * (1 - share)) / share)} left` : "";
    const text = `${bar} ${Math.floor(100 * share)} %, ${count}${left}: ${file}`;
    progress.say(clip(text, terminal.columns()));
  };
}
