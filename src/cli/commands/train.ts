import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Dataset } from "../../data/dataset.js";
import { openData } from "../../data/open.js";
import type { RunEvent, StartedEvent, StoppedEvent } from "../../game/events.js";
import { settle } from "../../game/hyper.js";
import { short } from "../../game/table.js";
import { type TrainOptions, train } from "../../run/train.js";
import { readHyper, systemNamed, usualSystem } from "../hyper-flags.js";
import { onInterrupt } from "../interrupt.js";
import { readDataOptions } from "../picture-options.js";
import type { Reader } from "../reader.js";
import { LiveReporter } from "../report/live.js";
import { Meter } from "../report/meter.js";
import { PlainReporter } from "../report/plain.js";
import { Preview } from "../report/preview.js";
import { jsonLines, type Reporter, silent } from "../report/reporter.js";
import { inkOf, type Terminal } from "../terminal/terminal.js";
import { clock, counted, describeData } from "../terminal/text.js";

type Voice = "talk" | "json" | "quiet";

export async function trainCommand(reader: Reader, terminal: Terminal): Promise<number> {
  const [source] = reader.operands("SOURCE");
  const system = systemNamed(reader.text("system") ?? usualSystem, reader);
  const hyper = system === undefined ? {} : readHyper(reader, system);
  const rounds = reader.whole("rounds");
  const minutes = reader.amount("minutes");
  reader.either("rounds", "minutes");
  reader.either("json", "quiet");
  const seed = reader.whole("seed", { minimum: 0 });
  const replicas = reader.whole("replicas");
  const device = reader.text("device");
  const folder = reader.text("out");
  const dataOptions = readDataOptions(reader);
  if (source === undefined)
    reader.problem("SOURCE", "missing; name data, such as ring or a folder");
  reader.finish();
  const voice: Voice = reader.is("json") ? "json" : reader.is("quiet") ? "quiet" : "talk";
  const stopping = new AbortController();
  const data = await openData(source!, { ...dataOptions, signal: stopping.signal });
  const options: TrainOptions = {
    system: system!,
    data,
    hyper,
    signal: stopping.signal,
    sampleCount: data.kind === "points" ? 1024 : 64,
    ...(rounds === undefined ? {} : { rounds }),
    ...(minutes === undefined ? {} : { minutes }),
    ...(seed === undefined ? {} : { seed }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(device === undefined ? {} : { device }),
    ...(folder === undefined ? {} : { folder }),
  };
  return await play(options, { terminal, voice, stopping });
}

/** Plays a run to its end and tells of it. */
async function play(
  options: TrainOptions,
  {
    terminal,
    voice,
    stopping,
  }: { readonly terminal: Terminal; readonly voice: Voice; readonly stopping: AbortController },
): Promise<number> {
  const { system, data } = options;
  const run = train(options);
  const batch = Number(settle(system.hyper, options.hyper).batch);
  const meter = new Meter({ batch, unit: data.kind });
  const reporter = reporterFor(voice, { terminal, meter, data });
  const release = onInterrupt({
    terminal,
    stop: (closed) => {
      if (!closed) reporter.note("stopping after this round; Ctrl-C again quits at once");
      stopping.abort();
    },
  });
  const startMs = performance.now();
  let started: StartedEvent | undefined;
  let stopped: StoppedEvent | undefined;
  try {
    for await (const event of run) {
      if (event.type === "started") {
        started = event;
        if (voice === "talk") terminal.write(opening(event, { data, options, terminal }));
      }
      if (event.type === "stopped") stopped = event;
      takeIn(event, meter);
      reporter.take(event);
    }
  } finally {
    reporter.end();
    release();
  }
  if (stopped === undefined) return 1;
  const seconds = (performance.now() - startMs) / 1000;
  if (voice === "quiet" && started?.folder !== undefined) terminal.write(`${started.folder}\n`);
  if (voice === "talk") {
    terminal.write(closing(stopped, { folder: started?.folder, meter, seconds, terminal }));
  }
  if (stopped.reason === "failed" || stopped.reason === "non-finite") {
    terminal.complain(`${stopped.message ?? "the run failed"}\n`);
    return 1;
  }
  return stopped.reason === "asked" && !terminal.closed.aborted ? 130 : 0;
}

function takeIn(event: RunEvent, meter: Meter): void {
  if (event.type === "scores") meter.scores = event.scores;
  if (event.type === "started" || event.type === "round" || event.type === "budget") {
    meter.take(event, performance.now());
  }
}

function reporterFor(
  voice: Voice,
  { terminal, meter, data }: { terminal: Terminal; meter: Meter; data: Dataset },
): Reporter {
  const write = (text: string): void => terminal.write(text);
  if (voice === "json") return jsonLines(write);
  if (voice === "quiet") return silent;
  if (!terminal.live) return new PlainReporter(meter, write);
  return new LiveReporter(terminal, { meter, preview: new Preview(terminal, data) });
}

/** The first lines: what was picked. */
function opening(
  { system, device, replicas, round, rounds, seed, folder }: StartedEvent,
  { data, options, terminal }: { data: Dataset; options: TrainOptions; terminal: Terminal },
): string {
  const { bold, dim } = inkOf(terminal);
  const what = describeData(data);
  const skipped = data.skipped.length > 0 ? `, ${data.skipped.length} skipped` : "";
  const budget =
    options.minutes === undefined ? `${rounds ?? "?"} rounds` : `${short(options.minutes)} minutes`;
  const from = round > 0 ? `, from round ${round}` : "";
  return [
    `${bold(`${system} on ${data.name}`)}: ${what}${skipped}`,
    `${budget}${from}, seed ${seed}, ${device}, ${counted(replicas, "replica")}`,
    ...(folder === undefined ? [] : [dim(folder)]),
    "",
    "",
  ].join("\n");
}

/** The last lines: what there is now, and what can be done with it. */
function closing(
  { round, reason }: StoppedEvent,
  {
    folder,
    meter,
    seconds,
    terminal,
  }: { folder: string | undefined; meter: Meter; seconds: number; terminal: Terminal },
): string {
  const { bold, good, bad } = inkOf(terminal);
  const words = {
    finished: good("finished"),
    asked: "stopped",
    "non-finite": bad("failed"),
    failed: bad("failed"),
  };
  const rows = [
    ...meter.scores.map(({ name, value, protocol }) => [name, `${short(value)}  (${protocol})`]),
    ...filesIn(folder),
    ...(folder !== undefined && reason === "asked"
      ? [["go on", `belamy train --resume ${folder}`]]
      : []),
    ...(folder !== undefined && reason === "finished"
      ? [["next", `belamy generate ${folder}`]]
      : []),
  ];
  const width = Math.max(0, ...rows.map(([label]) => label!.length));
  return [
    "",
    `${words[reason]} after ${counted(round, "round")} in ${clock(seconds)}`,
    ...rows.map(([label, text]) => `  ${bold(label!.padEnd(width))}  ${text}`),
    "",
  ].join("\n");
}

function filesIn(folder: string | undefined): string[][] {
  if (folder === undefined) return [];
  const files = [
    ["samples", join(folder, "samples")],
    ["generator", join(folder, "generator.onnx")],
  ];
  return [["run", folder], ...files.filter(([, file]) => existsSync(file!))];
}
